"""Signing in on the page, the phones it lists, and signing out."""

import time

from . import acts
from .browser import Visit
from .building import SESSION_ENDED, Person
from .runner import test

COOKIE = "__Host-keyway-web"
MINUTE = 60


@test()
def a_wrong_password_gets_words_that_give_no_hint(visit: Visit) -> None:
    pages = []
    for email in (visit.building.stranger().email, "nobody@example.org"):
        visit.open("/account/sign-in")
        acts.sign_in(visit, email, "wrong password")
        assert visit.watch.status == 400
        assert acts.alert(visit) == "E-mail or password is wrong."
        assert visit.page.get_by_label("E-mail").input_value() == email, "typed once"
        assert visit.page.get_by_label("Password").input_value() == ""
        pages.append(visit.page.content().replace(email, ""))
    assert pages[0] == pages[1]
    assert visit.page.context.cookies() == []


@test()
def the_right_password_gives_a_cookie_that_stays_with_this_service(visit: Visit) -> None:
    signed_in(visit, visit.building.stranger())
    [cookie] = visit.page.context.cookies()
    assert cookie["name"] == COOKIE
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Strict")
    # Without a leading dot: this host, and none below it.
    assert (cookie["domain"], cookie["path"]) == ("127.0.0.1", "/")
    assert 14 * MINUTE < cookie["expires"] - time.time() <= 15 * MINUTE


@test()
def phones_are_listed_and_ended_one_by_one_and_all(visit: Visit) -> None:
    resident = visit.building.stranger()
    with visit.building.phones() as phones:
        ask_with_the_lost_phone = phones.own("lost", resident)
        phones.borrowed("borrowed", resident)
        signed_in(visit, resident)
        assert acts.sessions(visit) == ["Borrowed phone", "Own phone"]
        acts.press(visit, "End this session: Own phone")
        assert visit.page.get_by_role("status").inner_text() == "The session is ended."
        assert acts.sessions(visit) == ["Borrowed phone"]
        assert ask_with_the_lost_phone() == SESSION_ENDED
        ask_with_another_phone = phones.own("another", resident)
        visit.page.reload()
        assert acts.sessions(visit) == ["Own phone", "Borrowed phone"]
        acts.press(visit, "End all sessions")
        assert visit.page.get_by_role("status").inner_text() == "All sessions are ended."
        assert acts.sessions(visit) == []
        assert visit.page.get_by_text("No phone is signed in.").is_visible()
        assert ask_with_another_phone() == SESSION_ENDED


@test()
def after_signing_out_the_back_button_shows_nothing(visit: Visit) -> None:
    resident = visit.building.stranger()
    signed_in(visit, resident)
    acts.press(visit, "Sign out")
    assert visit.page.get_by_role("status").inner_text() == "This browser is signed out."
    assert visit.page.context.cookies() == []
    for _ in range(2):
        visit.page.go_back()
        assert visit.path.startswith("/account/sign-in")
        assert acts.heading(visit) == "Sign in to your account"
        assert resident.email not in visit.page.content()
        assert visit.page.get_by_label("Password").input_value() == ""
    visit.open("/account/sessions")
    assert visit.path == "/account/sign-in"


@test()
def a_browser_that_is_not_signed_in_is_led_to_the_form(visit: Visit) -> None:
    for path in ("/account", "/account/sessions", "/account/sessions?ended=all"):
        visit.open(path)
        assert visit.path == "/account/sign-in"
        assert visit.page.get_by_role("status").count() == 0


def signed_in(visit: Visit, resident: Person) -> None:
    visit.open("/account/sign-in")
    acts.sign_in(visit, resident.email, resident.password)
    assert acts.heading(visit) == "Your sessions"
    assert visit.page.get_by_text(f"You are signed in here as {resident.email}.").is_visible()
