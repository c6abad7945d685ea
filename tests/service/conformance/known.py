"""What only somebody who knows can send: for each operation a request that the service has to answer as it was asked.

Random members are laid over these, so that what is tried gets past the first check. What can be sent only once is made anew each time.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from .building import Account, Building
from .phone import CLIENT_ID, Phone, base64url
from .who import Browser, Nobody

RESET_LINK = r"/account/reset\?token=([\w-]{43})"


@dataclass(frozen=True)
class Request:
    """What is sent, beside who sends it."""

    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: dict | bytes | None = None


class Known:
    """The requests, by operation."""

    def __init__(self, building: Building) -> None:
        self._building = building
        self._numbers = count(1)
        self._home, _entrance, _laundry, self._boiler_room = building.doors
        self._carried = building.carried(self._home)
        self._resident = Phone(building, building.resident)
        # Its resets end no session of those who are signed in here.
        self._partner = building.partner
        self._reset_token = self._ask_for_reset()
        self._of: dict[str, Callable[[Nobody], Request]] = {
            "accessRecord": self._at_a_door,
            "askForResetLink": lambda who: Request(body={"email": building.resident.email}),
            "attestTime": lambda who: self._at_a_door(who, {"nonce": base64url(secrets.token_bytes(16))}),
            "authorizeChallenge": self._challenge,
            "bundle": self._at_a_door,
            "changePassword": self._password_change,
            "createDailyDoorcode": lambda who: self._at_a_door(who, {"passcodeType": "DAILY", "day": "TOMORROW"}),
            "endSession": lambda who: Request({"sessionId": self._second(who).tokens["session"]["id"]}),
            "endSessionByTicket": lambda who: Request(body={"ticket": self._second(who).tokens["logout_ticket"]}),
            "getUser": lambda who: Request({"userUuid": who.phone.tokens["account"]["id"]}),
            "grantAccessToUserV2": lambda who: Request(body=self._daily_invitation()),
            "handInLog": lambda who: self._at_home(self._carried.log),
            "handInReceipt": lambda who: self._at_home(self._carried.receipt),
            "listActivity": self._at_a_door,
            "listBuildingResidents": lambda who: Request({"buildingUuid": self._building_uuid(who)}),
            "registerPhoneKey": lambda who: Request(body=who.phone.key_registration()),
            "resetDoorcode": lambda who: Request({"doorcodeUuid": self._lasting_doorcode(who)}),
            "resetPage": lambda who: Request(query={"token": self._reset_token}),
            "revokeToken": lambda who: Request(body={"token": self._second(who).tokens["refresh_token"]}),
            "revokeUserAccess": lambda who: Request(self._invited_guest(who)),
            "startPasswordlessLogin": self._passwordless,
            "submitEnd": lambda who: Request(body={"csrf": browser(who).csrf, "all": "yes"}),
            "submitReset": self._reset,
            "submitResetRequest": lambda who: Request(body={"email": building.guest.email}),
            "submitSignIn": lambda who: Request(body=self._credentials()),
            "submitSignOut": lambda who: Request(body={"csrf": browser(who).csrf}),
            "token": lambda who: Request(body=who.phone.code_grant()),
            "updateUserAccess": lambda who: Request(self._invited_guest(who), body={"endTime": days_from_now(5)}),
        }

    def request(self, operation: str, who: Nobody) -> Request:
        """For `operation`; one that takes nothing but who asks is not in the table."""
        return self._of.get(operation, lambda _: Request())(who)

    def _door(self, who: Nobody) -> str:
        return self._boiler_room if who.name == "staff" else self._home

    def _at_a_door(self, who: Nobody, body: dict | None = None) -> Request:
        return Request({"doorUuid": self._door(who)}, body=body)

    def _at_home(self, body: bytes) -> Request:
        return Request({"doorUuid": self._home}, body=body)

    def _passwordless(self, _: Nobody) -> Request:
        asks = {"connection": "email", "email": self._partner.email, "send": "code"}
        return Request(body={"client_id": CLIENT_ID, **asks})

    def _credentials(self) -> dict[str, str]:
        return {"email": self._partner.email, "password": self._partner.password}

    def _challenge(self, who: Nobody) -> Request:
        return Request(body=who.phone.challenge(secrets.token_urlsafe(48)))

    def _second(self, who: Nobody) -> Phone:
        """Another phone of the same person: what is done to it does not sign this one out."""
        return Phone(self._building, Account(who.phone.email, who.phone.password))

    def _password_change(self, who: Nobody) -> Request:
        who.phone.get("/v1/sessions")  # Signed in, for it could not with a password that is not set yet.
        was, who.phone.password = who.phone.password, f"Another-Horse-{next(self._numbers)}"
        return Request(body={"currentPassword": was, "newPassword": who.phone.password})

    def _ask_for_reset(self) -> str:
        form = {"email": self._partner.email}
        asks = Phone(self._building, self._partner)
        return self._building.mailed(
            self._partner.email, RESET_LINK, lambda: asks.send_form("/account/reset-request", form)
        )

    def _reset(self, _: Nobody) -> Request:
        password = self._partner.password
        return Request(body={"token": self._reset_token, "password": password, "repeated": password})

    def _lasting_doorcode(self, who: Nobody) -> str:
        codes = who.phone.get("/v1/doorcodes")["doorcodes"]
        mine = [code for code in codes if code["kind"] in ("RESIDENCE", "COMMUNAL") and not code["replacedBy"]]
        return (mine or codes)[0]["uuid"]

    def _building_uuid(self, who: Nobody) -> str:
        return who.phone.get("/v1/doors")["doors"][0]["buildingUuid"]

    def _invitation(self) -> dict[str, object]:
        name = {"firstName": "Vera", "lastName": f"Visitor {next(self._numbers)}"}
        return {**name, "doorUuids": [self._home], "shareable": False, "startTime": days_from_now(0)}

    def _daily_invitation(self) -> dict[str, object]:
        return {**self._invitation(), "phone": "+1 212 555 0199", "passcodeType": "DAILY", "shouldNotify": False}

    def _invited_guest(self, who: Nobody) -> dict[str, str]:
        email = f"visitor{next(self._numbers)}@example.org"
        lasting = {"email": email, "passcodeType": "PERMANENT", "endTime": days_from_now(3), "shouldNotify": False}
        host = self._resident if who.name == "guest" else who.phone
        user = host.ask("POST", "/v2/users", {**self._invitation(), **lasting})
        return {"userUuid": user["userUuid"], "doorUuid": self._home}


def browser(who: Nobody) -> Browser:
    assert isinstance(who, Browser)
    return who


def days_from_now(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds")
