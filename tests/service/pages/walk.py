"""A walk through every state that the pages have, with somebody who looks at each."""

from collections.abc import Callable

from . import acts
from .browser import Visit

Look = Callable[[str], None]

# In the order of the walk.
STATES = [
    "sign-in",
    "sign-in, wrong password",
    "sign-in, account not active",
    "sign-in, too many tries",
    "reset-request",
    "reset-request, no address",
    "reset-request, mail sent",
    "reset",
    "reset, broken rules",
    "reset, two different passwords",
    "reset, password changed",
    "reset, link used",
    "sessions, none",
    "sessions, two phones",
    "sessions, one ended",
    "sessions, all ended",
    "sessions, form not valid",
    "sign-in, signed out",
    "reset-request, too many mails",
]

# What a browser takes for an address and no mail server does: more than 254 characters.
NO_ADDRESS = "r" * 250 + "@example.org"
WRONG = "wrong password"
# The tries that nobody has to wait after.
FREE_TRIES = 5


def walk(visit: Visit, look: Look) -> None:
    """Calls `look` with each of `STATES`, when it is on the screen."""
    sign_in(visit, look)
    reset(visit, look)
    sessions(visit, look)
    too_many_mails(visit, look)


def sign_in(visit: Visit, look: Look) -> None:
    visit.open("/account")
    look("sign-in")
    partner = visit.building.person("partner")
    acts.sign_in(visit, partner.email, WRONG)
    look("sign-in, wrong password")
    inactive = visit.building.person("inactive")
    acts.sign_in(visit, inactive.email, inactive.password)
    look("sign-in, account not active")
    for _ in range(FREE_TRIES):
        acts.sign_in(visit, partner.email, WRONG)
    look("sign-in, too many tries")


def reset(visit: Visit, look: Look) -> None:
    resident = visit.building.person("resident")
    visit.open("/account/reset-request")
    look("reset-request")
    acts.ask_for_link(visit, NO_ADDRESS)
    look("reset-request, no address")
    acts.ask_for_link(visit, resident.email)
    look("reset-request, mail sent")
    link = visit.building.mailed_link(resident)
    visit.page.goto(link)
    look("reset")
    acts.set_password(visit, "horse")
    look("reset, broken rules")
    acts.set_password(visit, acts.NEW_PASSWORD, WRONG)
    look("reset, two different passwords")
    acts.set_password(visit, acts.NEW_PASSWORD)
    look("reset, password changed")
    visit.page.goto(link)
    look("reset, link used")


def sessions(visit: Visit, look: Look) -> None:
    guest = visit.building.person("guest")
    visit.open("/account/sign-in")
    acts.sign_in(visit, guest.email, guest.password)
    look("sessions, none")
    with visit.building.phones() as phones:
        phones.own("own", guest)
        phones.borrowed("borrowed", guest)
        visit.page.reload()
        look("sessions, two phones")
        acts.press(visit, "End this session: Own phone")
        look("sessions, one ended")
        acts.press(visit, "End all sessions")
        look("sessions, all ended")
    # As a form is that an older page has left.
    visit.page.evaluate("document.forms[0].elements.csrf.value = 'of another browser'")
    acts.press(visit, "Sign out")
    look("sessions, form not valid")
    acts.follow(visit, "Go to your sessions")
    acts.press(visit, "Sign out")
    look("sign-in, signed out")


def too_many_mails(visit: Visit, look: Look) -> None:
    staff = visit.building.person("staff")
    while not visit.page.get_by_role("alert").count():
        acts.ask_for_link(visit, staff.email)
    look("reset-request, too many mails")
