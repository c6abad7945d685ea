"""A phone that speaks the contract: its keys, its tokens, and a DPoP proof for each request."""

import base64
import hashlib
import json
import secrets
import time
import uuid
from collections.abc import Mapping
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from requests import PreparedRequest, Response
from requests.auth import AuthBase

from .building import Account, Building

CLIENT_ID = "keyway-app"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# Access tokens live for five minutes; much earlier, so that it is seen here too.
REFRESHED_AFTER = 45.0
ANSWERS_WITHIN = 20


class Refused(Exception):
    """Something that has to succeed did not."""


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def fixed_signature(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """ES256, `r || s` with a low s."""
    r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(SHA256())))
    return r.to_bytes(32) + min(s, P256_ORDER - s).to_bytes(32)


class Proving(AuthBase):
    """Signs a proof for exactly the request that is sent, with an access token if there is one."""

    def __init__(self, phone: "Phone", token: str | None) -> None:
        self._phone = phone
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        claims = {
            "jti": secrets.token_hex(16),
            "htm": request.method,
            "htu": self._phone.origin + urlsplit(request.path_url).path,
            "iat": int(time.time()),
            "nonce": self._phone.nonce,
        }
        if self._token:
            claims["ath"] = base64url(hashlib.sha256(self._token.encode()).digest())
            request.headers["Authorization"] = f"DPoP {self._token}"
        request.headers["DPoP"] = self._phone.proof(claims)
        return request


class Phone:
    """Somebody's own phone. It is signed in whenever it is asked to prove something."""

    def __init__(self, building: Building, account: Account) -> None:
        self.origin = building.origin
        self.email = account.email
        self.password = account.password
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._holder = ec.generate_private_key(ec.SECP256R1())
        self._http = building.connection()
        self.nonce = self._http.get(f"{self.origin}/v1/time", timeout=ANSWERS_WITHIN).headers["DPoP-Nonce"]
        self._tokens: dict = {}
        self._refreshed = 0.0

    def proof(self, claims: dict) -> str:
        point = self._key.public_key().public_numbers()
        jwk = {"kty": "EC", "crv": "P-256", "x": base64url(point.x.to_bytes(32)), "y": base64url(point.y.to_bytes(32))}
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk}
        signed = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
        return f"{signed}.{base64url(fixed_signature(self._key, signed.encode()))}"

    def heard(self, headers: Mapping[str, str]) -> None:
        """Keeps the nonce that every answer carries."""
        self.nonce = headers.get("DPoP-Nonce", self.nonce)

    def proving(self) -> Proving:
        """Without an access token, as the token endpoint asks for."""
        return Proving(self, None)

    def signed_in(self) -> Proving:
        if not self._tokens:
            self.sign_in()
        elif time.monotonic() - self._refreshed > REFRESHED_AFTER:
            grant = {"grant_type": "refresh_token", "refresh_token": self._tokens["refresh_token"]}
            try:
                self._take(self.send_form("/oauth/token", {"client_id": CLIENT_ID, **grant}, self.proving()))
            except Refused:
                # Its session was ended meanwhile.
                self.sign_in()
        return Proving(self, self._tokens["access_token"])

    def sign_in(self) -> None:
        self._take(self.send_form("/oauth/token", self.code_grant(), self.proving()))
        registered = self._http.put(
            f"{self.origin}/v1/phone-key", json=self.key_registration(), auth=self.signed_in(), timeout=ANSWERS_WITHIN
        )
        registered.raise_for_status()

    def forget(self) -> None:
        """Its session was ended: it signs in anew when it is asked next."""
        self._tokens = {}

    def code_grant(self) -> dict[str, str]:
        """The form that turns a right password into a session, once."""
        verifier = secrets.token_urlsafe(48)
        form = self.challenge(verifier)
        code = self.send_form("/oauth/authorize-challenge", form).json()["authorization_code"]
        grant = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        return {"client_id": CLIENT_ID, **grant}

    def challenge(self, verifier: str) -> dict[str, str]:
        return {
            "client_id": CLIENT_ID,
            "username": self.email,
            "password": self.password,
            "code_challenge": base64url(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
            "phone": "own",
        }

    def key_registration(self) -> dict[str, str]:
        """PUT /v1/phone-key: the nonce of this session and its account, signed by the key that records are bound to."""
        told = self._tokens["holder_nonce"]
        nonce = base64.urlsafe_b64decode(told + "=")
        account = uuid.UUID(self._tokens["account"]["id"]).bytes
        point = self._holder.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        signature = fixed_signature(self._holder, b"keyway/1 phone key" + nonce + account)
        return {"publicKey": base64url(point), "signature": base64url(signature), "nonce": told}

    @property
    def tokens(self) -> dict:
        self.signed_in()
        return self._tokens

    def get(self, path: str) -> dict:
        return self.ask("GET", path, None)

    def ask(self, method: str, path: str, body: object) -> dict:
        """Something that has to succeed, so that something else can be tried."""
        url = f"{self.origin}{path}"
        for _ in range(2):
            response = self._http.request(method, url, json=body, auth=self.signed_in(), timeout=ANSWERS_WITHIN)
            self.heard(response.headers)
            if response.status_code != 401:
                break
            self.forget()
        response.raise_for_status()
        return response.json() if response.content else {}

    def send_form(self, path: str, form: dict[str, str], auth: Proving | None = None) -> Response:
        response = self._http.post(f"{self.origin}{path}", data=form, auth=auth, timeout=ANSWERS_WITHIN)
        self.heard(response.headers)
        if not response.ok:
            raise Refused(f"{path} answered {response.status_code}: {response.text}")
        return response

    def _take(self, answer: Response) -> None:
        self._tokens = answer.json()
        self._refreshed = time.monotonic()
