"""Would the other tests notice? Each kind of fault, made on purpose, must be found."""

from collections.abc import Callable

from playwright.sync_api import Error

from . import axe, focus, layout
from .browser import PHONE, Visit
from .runner import TESTS, Test, test
from .tree import Tree
from .world import World

SCRIPT = "data:text/html,<title>off</title><script>document.title = 'on'</script>"


@test(PHONE)
def scripts_are_off(visit: Visit) -> None:
    visit.page.goto(SCRIPT)
    assert visit.page.title() == "off"
    expect_faults(visit, "a request left the service: data:")


@test(PHONE, scripts=True)
def and_on_where_they_are_asked_for(visit: Visit) -> None:
    visit.page.goto(SCRIPT)
    assert visit.page.title() == "on"
    expect_faults(visit, "a request left the service: data:")


def one_authority_is_trusted_and_no_other(world: World) -> None:
    with world.visit(PHONE) as visit:
        visit.open("/account/sign-in")
        other = world.open_building()
        try:
            visit.page.goto(f"{other.origin}/account/sign-in")
            raise AssertionError("the other building's certificate is trusted")
        except Error as refused:
            assert "ERR_CERT_AUTHORITY_INVALID" in refused.message
        finally:
            other.close()
        visit.watch.faults.clear()


TESTS.append(Test(f"controls::one_authority_is_trusted_and_no_other ({PHONE})", one_authority_is_trusted_and_no_other))


@test(PHONE)
def what_the_policy_forbids_is_noticed(visit: Visit) -> None:
    visit.open("/account/sign-in")
    with visit.page.expect_event("console"):
        visit.page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.example/'}))")
    expect_faults(visit, "the console says: ", "the browser objects: {'code': 'ContentSecurityPolicyIssue'")


@test(PHONE)
def each_fault_of_the_layout_is_noticed(visit: Visit) -> None:
    visit.open("/account/sign-in")
    assert not any(layout.faults(visit.page).values())
    broken = {
        "wide": "document.querySelector('h1').style.width = '400px'",
        "cut": "document.querySelector('label').style.height = '.5rem'",
        "broken": "document.querySelector('h1').style.width = '2ch'",
        "overlapping": "document.querySelector('p').style.marginTop = '-2rem'",
        "small": "document.querySelector('button').style.minHeight = '43px'",
        "faint": "document.querySelector('p').style.color = '#888'",
    }
    assert broken.keys() == layout.RULES.keys()
    for rule, breaking in broken.items():
        assert_noticed(visit, breaking, lambda: layout.faults(visit.page)[rule])


@test(PHONE)
def each_fault_of_the_focus_is_noticed(visit: Visit) -> None:
    visit.open("/account/sign-in")
    for breaking in (
        "document.querySelector('button').style.outline = 'none'",
        "document.querySelector('button').style.outlineWidth = '1px'",
        "document.querySelector('button').style.outlineColor = '#eee'",
        "document.querySelector('button').tabIndex = 1",
        "document.querySelector('button').style.marginLeft = '-9rem'",
        "document.querySelectorAll('.field')[0].style.translate = '0 15rem'",
    ):
        assert_noticed(visit, breaking, lambda: focus.faults(visit.page))


@test(PHONE)
def each_fault_of_what_is_read_out_is_noticed(visit: Visit) -> None:
    visit.open("/account/sign-in")
    for breaking in (
        "document.querySelector('label').remove()",
        "document.querySelector('.way').textContent = ''",
        "document.querySelector('label').textContent = 'Password'",
        "document.documentElement.lang = ''",
        "document.querySelector('h1').outerHTML = '<h2>Sign in</h2>'",
        "document.title = ''",
        "document.querySelector('p').setAttribute('role', 'alert')",
    ):
        assert_noticed(visit, breaking, lambda: Tree(visit.page).faults(status=200))
    assert Tree(visit.page).faults(status=400), "a refusal without an alert"


@test(PHONE)
def axe_notices_what_it_is_for(visit: Visit) -> None:
    visit.open("/account/sign-in")
    assert_noticed(visit, "document.querySelector('label').remove()", lambda: axe.faults(visit.page))
    visit.page.goto(SCRIPT)
    assert visit.page.title() == "off", "scripts are off again"
    expect_faults(visit, "a request left the service: data:")


def assert_noticed(visit: Visit, breaking: str, faults: Callable[[], list[str]]) -> None:
    """Nothing is found before the page is broken, something after; then the page is as it was."""
    assert not faults(), faults()
    visit.page.evaluate(breaking)
    assert faults(), breaking
    visit.page.reload()


def expect_faults(visit: Visit, *beginnings: str) -> None:
    """Takes what the watch has noticed, which must be this."""
    for beginning in beginnings:
        assert any(fault.startswith(beginning) for fault in visit.watch.faults), visit.watch.faults
    visit.watch.faults.clear()
