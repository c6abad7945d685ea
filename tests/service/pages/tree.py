"""What a screen reader is told: the accessibility tree."""

from collections import Counter
from typing import Any

from playwright.sync_api import Page

Node = dict[str, Any]

# What is operated, and must say what it is.
OPERATED = ("textbox", "button", "link")


class Tree:
    """One page's tree, as the browser hands it to assistive technology."""

    def __init__(self, page: Page) -> None:
        browser = page.context.new_cdp_session(page)
        nodes: list[Node] = browser.send("Accessibility.getFullAXTree")["nodes"]
        browser.detach()
        self.language: str = page.evaluate("document.documentElement.lang")
        self._by_id = {node["nodeId"]: node for node in nodes}
        self._root = nodes[0]
        self._nodes = [node for node in nodes if not node["ignored"]]

    def of(self, *roles: str) -> list[Node]:
        return [node for node in self._nodes if text(node, "role") in roles]

    def faults(self, status: int) -> list[str]:
        """What is wrong with the page that was answered with this status."""
        return [*self._of_names(), *self._of_structure(), *self._of_errors(refused=status >= 400)]

    def dump(self) -> str:
        """The tree in lines, as it is read."""
        return "\n".join(self._lines(self._root, 0))

    def _of_names(self) -> list[str]:
        operated = self.of(*OPERATED)
        nameless = [f"a {text(node, 'role')} has no name" for node in operated if not text(node, "name")]
        names = Counter((text(node, "role"), text(node, "name")) for node in operated)
        return nameless + [f"{count} times {role} {name!r}" for (role, name), count in names.items() if count > 1]

    def _of_structure(self) -> list[str]:
        faults = []
        levels = [property_of(node, "level") for node in self.of("heading")]
        if levels.count(1) != 1 or levels[0] != 1:
            faults.append(f"headings have levels {levels}")
        if self.language != "en":
            faults.append(f"the language is {self.language!r}")
        if not text(self._root, "name"):
            faults.append("the page has no title")
        for landmark in ("banner", "main"):
            if len(self.of(landmark)) != 1:
                faults.append(f"{len(self.of(landmark))} x {landmark}")
        return faults

    def _of_errors(self, *, refused: bool) -> list[str]:
        alerts = self.of("alert")
        if len(alerts) != int(refused):
            return [f"{len(alerts)} alerts"]
        told = " ".join(self._texts(alert) for alert in alerts)
        if refused and not told:
            return ["the alert says nothing"]
        faults = []
        for field in self.of("textbox"):
            if property_of(field, "invalid") in (None, "false"):
                continue
            described = text(field, "description")
            if not described.startswith(told):
                faults.append(f"{text(field, 'name')!r} is described by {described!r}, not by {told!r}")
            if not property_of(field, "focused"):
                faults.append(f"{text(field, 'name')!r} has not the focus")
            if not text(self._root, "name").startswith("Error: "):
                faults.append("the title tells of no error")
        return faults

    def _texts(self, node: Node) -> str:
        if text(node, "role") == "StaticText":
            return text(node, "name")
        children = (self._by_id[child] for child in node.get("childIds", []))
        return " ".join(filter(None, map(self._texts, children)))

    def _lines(self, node: Node, depth: int) -> list[str]:
        lines = []
        if not node["ignored"] and text(node, "role") != "InlineTextBox":
            described = text(node, "description")
            line = f"{'  ' * depth}{text(node, 'role')} {text(node, 'name')!r}"
            lines.append(line + (f" described by {described!r}" if described else ""))
            depth += 1
        for child in node.get("childIds", []):
            lines += self._lines(self._by_id[child], depth)
        return lines


def text(node: Node, member: str) -> str:
    return str(node.get(member, {}).get("value", ""))


def property_of(node: Node, name: str) -> Any:
    for one in node.get("properties", []):
        if one["name"] == name:
            return one["value"].get("value")
    return None
