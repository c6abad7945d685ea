"""What somebody does on the pages, with mouse or finger."""

from .browser import Visit
from .building import Person

NEW_PASSWORD = "Battery Staple 8!"


def heading(visit: Visit) -> str:
    return visit.page.get_by_role("heading", level=1).inner_text()


def alert(visit: Visit) -> str:
    """What the page says went wrong."""
    return visit.page.get_by_role("alert").inner_text()


def sign_in(visit: Visit, email: str, password: str) -> None:
    """Fills in the form that is shown."""
    visit.page.get_by_label("E-mail").fill(email)
    visit.page.get_by_label("Password").fill(password)
    press(visit, "Sign in")


def ask_for_link(visit: Visit, email: str) -> None:
    visit.open("/account/reset-request")
    visit.page.get_by_label("E-mail").fill(email)
    press(visit, "Send the link")


def follow_link(visit: Visit, person: Person) -> str:
    """Asks for a link and follows it; gives the link."""
    ask_for_link(visit, person.email)
    link = visit.building.mailed_link(person)
    visit.page.goto(link)
    return link


def set_password(visit: Visit, password: str, repeated: str | None = None) -> None:
    """Fills in the form that is shown."""
    visit.page.get_by_label("New password", exact=True).fill(password)
    visit.page.get_by_label("New password, again").fill(password if repeated is None else repeated)
    press(visit, "Set the password")


def press(visit: Visit, name: str) -> None:
    """A button whose name begins so."""
    with visit.leaving():
        visit.page.get_by_role("button", name=name).click()


def follow(visit: Visit, name: str) -> None:
    with visit.leaving():
        visit.page.get_by_role("link", name=name).click()


def sessions(visit: Visit) -> list[str]:
    """The phones that are listed."""
    return visit.page.get_by_role("heading", level=2).all_inner_texts()
