"""Who asks: nobody, a person with a phone, or a browser at the account pages."""

import re
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any

from .building import Account, Building
from .phone import ANSWERS_WITHIN, Phone

COOKIE = "__Host-keyway-web"


class Nobody:
    """Has a key for proofs, and no account."""

    name = "nobody"

    def __init__(self, building: Building) -> None:
        self.phone = Phone(building, building.partner)

    def credentials(self, secured_by: frozenset[str]) -> dict[str, Any]:
        """What `requests` is told beside the request."""
        return {"auth": self.phone.proving()} if secured_by == {"dpopProof"} else {}

    def has_to_sign_in(self, status: int, headers: Mapping[str, str]) -> bool:
        """Was this refused for want of a session? The next credentials are of a new one."""
        self.phone.heard(headers)
        return False


class Person(Nobody):
    """Somebody with an account and a phone."""

    def __init__(self, name: str, building: Building, account: Account) -> None:
        self.name = name
        self.phone = Phone(building, account)

    def credentials(self, secured_by: frozenset[str]) -> dict[str, Any]:
        return {"auth": self.phone.signed_in()}

    def has_to_sign_in(self, status: int, headers: Mapping[str, str]) -> bool:
        self.phone.heard(headers)
        if status != 401:
            return False
        self.phone.forget()
        return True


class Browser(Nobody):
    """Somebody who is signed in to the account pages, also after having signed out."""

    name = "browser"

    def __init__(self, building: Building, account: Account) -> None:
        super().__init__(building)
        self._origin = building.origin
        self._account = account
        self._http = building.connection()
        self._session: tuple[str, str] | None = None

    @property
    def csrf(self) -> str:
        """What the forms of its pages carry."""
        return self._signed_in()[1]

    def credentials(self, secured_by: frozenset[str]) -> dict[str, Any]:
        return {"cookies": {COOKIE: self._signed_in()[0]}}

    def has_to_sign_in(self, status: int, headers: Mapping[str, str]) -> bool:
        is_refused = headers.get("Location") == "/account/sign-in" and "Set-Cookie" not in headers
        if is_refused:
            self._session = None
        return is_refused

    def _signed_in(self) -> tuple[str, str]:
        self._session = self._session or self._sign_in()
        return self._session

    def _sign_in(self) -> tuple[str, str]:
        form = {"email": self._account.email, "password": self._account.password}
        where = f"{self._origin}/account/sign-in"
        answer = self._http.post(where, data=form, timeout=ANSWERS_WITHIN, allow_redirects=False)
        token = SimpleCookie(answer.headers["Set-Cookie"])[COOKIE].value
        page = self._http.get(f"{self._origin}/account/sessions", cookies={COOKIE: token}, timeout=ANSWERS_WITHIN)
        return token, re.findall(r'name="csrf" value="([\w-]{43})"', page.text)[0]
