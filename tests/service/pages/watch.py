"""What a page does beside being read: its requests, its console, what its policy had to forbid."""

from playwright.sync_api import ConsoleMessage, Page, Response

REFUSED = "Failed to load resource: the server responded with a status of "


class Watch:
    """Looks on from the first request to the last."""

    def __init__(self, page: Page, origin: str) -> None:
        self._origin = origin
        self.faults: list[str] = []
        # The status of the page that is shown.
        self.status = 0
        # Each page that says what went wrong has a status that the console repeats.
        self._refusals: set[tuple[str, int]] = set()
        page.on("response", self._answered)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"an error in a script: {error}"))
        browser = page.context.new_cdp_session(page)
        # Below Playwright, which keeps requests for icons to itself.
        browser.on("Network.requestWillBeSent", lambda event: self._asked(event["request"]["url"]))
        browser.on("Audits.issueAdded", lambda event: self.faults.append(f"the browser objects: {event['issue']}"))
        browser.send("Network.enable")
        browser.send("Audits.enable")

    def assert_clean(self) -> None:
        assert not self.faults, "\n".join(self.faults)

    def _asked(self, url: str) -> None:
        if not url.startswith(self._origin + "/"):
            self.faults.append(f"a request left the service: {url}")

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status
            self._refusals.add((response.url, response.status))

    def _said(self, message: ConsoleMessage) -> None:
        repeats_a_refusal = any(
            message.text.startswith(f"{REFUSED}{status} ") and message.location["url"] == url
            for url, status in self._refusals
        )
        if message.type in ("error", "warning") and not repeats_a_refusal:
            self.faults.append(f"the console says: {message.text}")
