"""The same with a keyboard alone: Tab, Shift-Tab, Enter and Space, and letters where there is a field."""

from . import acts
from .acts import NEW_PASSWORD
from .browser import Visit
from .building import SESSION_ENDED, Person
from .focus import FAR, Focus
from .runner import test


@test()
def a_password_is_reset(visit: Visit) -> None:
    resident = visit.building.stranger()
    visit.open("/account/sign-in")
    go_to(visit, "I do not know my password")
    leave_with(visit, "Enter", "Reset your password")
    go_to(visit, "E-mail")
    visit.page.keyboard.type(resident.email)
    leave_with(visit, "Enter", "Check your mail")
    visit.page.goto(visit.building.mailed_link(resident))
    go_to(visit, "New password")
    visit.page.keyboard.type("horse")
    go_to(visit, "New password, again")
    visit.page.keyboard.type("horse")
    go_to(visit, "Set the password")
    with visit.leaving():
        visit.page.keyboard.press("Space")
    assert "12 to 1024 characters" in acts.alert(visit)
    # The field that was refused has the focus already.
    visit.page.keyboard.type(NEW_PASSWORD)
    go_to(visit, "New password, again")
    visit.page.keyboard.type("anything")
    go_to(visit, "New password", "Shift+Tab")
    go_to(visit, "New password, again")
    # What stands in a field that is reached with Tab is selected, so typing replaces it.
    visit.page.keyboard.type(NEW_PASSWORD)
    leave_with(visit, "Enter", "Password changed")
    go_to(visit, "Sign in on this page")
    leave_with(visit, "Enter", "Sign in to your account")
    sign_in(visit, Person(resident.email, NEW_PASSWORD))


@test()
def one_session_is_ended(visit: Visit) -> None:
    resident = visit.building.stranger()
    with visit.building.phones() as phones:
        ask_with_the_lost_phone = phones.own("lost", resident)
        phones.borrowed("borrowed", resident)
        visit.open("/account/sign-in")
        sign_in(visit, resident)
        go_to(visit, "End all sessions")
        go_to(visit, "End this session: Own phone", "Shift+Tab")
        with visit.leaving():
            visit.page.keyboard.press("Space")
        assert visit.path == "/account/sessions?ended=one"
        assert acts.sessions(visit) == ["Borrowed phone"]
        assert ask_with_the_lost_phone() == SESSION_ENDED
    go_to(visit, "Sign out")
    leave_with(visit, "Enter", "Sign in to your account")


def sign_in(visit: Visit, person: Person) -> None:
    go_to(visit, "E-mail")
    visit.page.keyboard.type(person.email)
    go_to(visit, "Password")
    visit.page.keyboard.type(person.password)
    leave_with(visit, "Enter", "Your sessions")


def go_to(visit: Visit, name: str, key: str = "Tab") -> None:
    """Moves the focus to what has a name that begins so; it is seen all the way."""
    for _ in range(FAR):
        visit.page.keyboard.press(key)
        focus = Focus.on(visit.page)
        assert focus.place is None or not focus.faults(), focus.faults()
        if focus.place and focus.place.name.startswith(name):
            return
    raise AssertionError(f"{key} does not lead to {name!r}")


def leave_with(visit: Visit, key: str, heading: str) -> None:
    """Presses a key that leads to the page with this heading."""
    with visit.leaving():
        visit.page.keyboard.press(key)
    assert acts.heading(visit) == heading
