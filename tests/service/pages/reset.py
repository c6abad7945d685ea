"""A forgotten password: from asking for a link to signing in with the new one."""

from . import acts
from .acts import NEW_PASSWORD
from .browser import Visit
from .building import SESSION_ENDED
from .runner import test

LENGTH = "12 to 1024 characters"
UPPER_CASE = "an upper-case letter"
DIGIT = "a digit"
SYMBOL = "a symbol, such as ! ? or -"
# Passwords that break rules, and which.
BROKEN = {
    "Short-Hors7": [LENGTH],
    "correct-horse-7": [UPPER_CASE],
    "Correct-Horse-Battery": [DIGIT],
    "Correct Horse 7": [SYMBOL],
    "horse": [LENGTH, UPPER_CASE, DIGIT, SYMBOL],
}
OVER = "It was used already, it is older than 30 minutes, or a part of it is missing."


@test()
def a_mailed_link_sets_one_password_and_ends_every_session(visit: Visit) -> None:
    resident = visit.building.stranger()
    with visit.building.phones() as phones:
        ask_with_the_other_phone = phones.own("other", resident)
        assert ask_with_the_other_phone() == 0
        visit.open("/account")
        acts.follow(visit, "I do not know my password")
        visit.page.get_by_label("E-mail").fill(resident.email)
        acts.press(visit, "Send the link")
        assert acts.heading(visit) == "Check your mail"
        link = visit.building.mailed_link(resident)
        visit.page.goto(link)
        each_broken_rule_is_named(visit)
        two_different_passwords_are_told_apart(visit)
        acts.set_password(visit, NEW_PASSWORD)
        assert acts.heading(visit) == "Password changed"
        assert ask_with_the_other_phone() == SESSION_ENDED
    visit.page.goto(link)
    assert_over(visit)
    acts.follow(visit, "Ask for a new link")
    assert acts.heading(visit) == "Reset your password"
    visit.open("/account/sign-in")
    acts.sign_in(visit, resident.email, resident.password)
    assert acts.alert(visit) == "E-mail or password is wrong."
    acts.sign_in(visit, resident.email, NEW_PASSWORD)
    assert acts.heading(visit) == "Your sessions"
    assert acts.sessions(visit) == []


@test()
def a_link_that_nobody_was_sent_is_refused_with_the_same_words(visit: Visit) -> None:
    for token in ("?token=" + "A" * 43, "?token=nonsense", ""):
        visit.open(f"/account/reset{token}")
        assert_over(visit)


@test()
def the_back_button_leads_to_no_password_and_no_form(visit: Visit) -> None:
    acts.follow_link(visit, visit.building.stranger())
    acts.set_password(visit, NEW_PASSWORD)
    assert acts.heading(visit) == "Password changed"
    visit.page.go_back()
    assert_over(visit)


@test()
def an_address_without_an_account_sees_the_same_page(visit: Visit) -> None:
    pages = []
    for email in (visit.building.stranger().email, "nobody@example.org"):
        acts.ask_for_link(visit, email)
        pages.append(visit.page.content())
    assert pages[0] == pages[1]
    assert "nobody" not in pages[1]


def each_broken_rule_is_named(visit: Visit) -> None:
    field = visit.page.get_by_label("New password", exact=True)
    for password, broken in BROKEN.items():
        acts.set_password(visit, password)
        described_by = (field.get_attribute("aria-describedby") or "").split()
        error = visit.page.locator(f"#{described_by[0]}")
        assert error.get_by_role("listitem").all_inner_texts() == broken, password
        assert error.get_attribute("role") == "alert"
        assert field.get_attribute("aria-invalid") == "true"
        assert typed(visit) == ["", ""], "no password comes back"


def two_different_passwords_are_told_apart(visit: Visit) -> None:
    acts.set_password(visit, NEW_PASSWORD, NEW_PASSWORD + "!")
    assert visit.watch.status == 400
    assert acts.alert(visit) == "The two passwords are not the same. Type both again."
    assert typed(visit) == ["", ""], "no password comes back"


def typed(visit: Visit) -> list[str]:
    fields = visit.page.locator("input:not([type=hidden])")
    return [field.input_value() for field in fields.all()]


def assert_over(visit: Visit) -> None:
    assert visit.watch.status == 410
    assert acts.heading(visit) == "This link no longer works"
    assert acts.alert(visit) == OVER
