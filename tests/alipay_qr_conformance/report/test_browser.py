"""The page in a real browser: nothing runs that is not ours, nothing is fetched, the filter filters."""

import shutil
from dataclasses import replace
from importlib.resources import files
from itertools import cycle, islice

import hostile_merchant as hostile
import pytest

from alipay_qr_conformance.report.formats import render

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = [pytest.mark.runtime("chromium"), pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="module")
def page(hostile_run, folder):
    from playwright.sync_api import sync_playwright

    file = folder / "report.html"
    file.write_text(render("html", hostile_run), "utf-8")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder / "profile", executable_path=shutil.which("chromium"), headless=True, args=FLAGS
        )
        opened = context.new_page()
        opened.said, opened.asked = [], []
        opened.on("console", lambda message: opened.said.append(message.text))
        opened.on("pageerror", lambda error: opened.said.append(str(error)))
        opened.on("dialog", lambda dialog: opened.said.append(dialog.message))
        opened.on("request", lambda request: opened.asked.append(request.url))
        opened.goto(file.as_uri())
        yield opened
        context.close()


@pytest.fixture(autouse=True)
def _from_the_start(page):
    page.reload()
    page.said.clear()
    page.asked.clear()


def shown(page, what):
    return page.locator(f"{what}[data-requirement]:visible").count()


def test_no_complaint_and_no_request(page):
    page.reload()
    assert [url for url in page.asked if not url.startswith(("data:", page.url))] == []
    assert page.said == []


def test_what_a_subject_controls_stays_text(page):
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    assert page.evaluate("window.pwned") is None
    assert page.locator("script").count() == 1
    assert page.locator("img, iframe, object, embed, base").count() == 0
    assert page.locator("body").inner_text().count(hostile.SCRIPT) > 5
    for place in ("h1 + p", "title", "pre", "mark", "summary", ".badge.known"):
        assert hostile.SCRIPT in "".join(page.locator(place).all_text_contents()), place


def test_nothing_but_our_script_could_run(page):
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.pwned=1\">')")
    page.evaluate(
        "const s = document.createElement('script'); s.text = 'window.pwned=1'; document.body.append(s)"
    )
    page.wait_for_function("true")
    assert page.evaluate("window.pwned") is None
    assert any("Content Security Policy" in line for line in page.said)


def test_the_filter_filters(page, hostile_run):
    every = shown(page, "tr")
    assert every == len(hostile_run.summary.rows)
    page.select_option("#verdict", "broken")
    broken = shown(page, "tr")
    assert 0 < broken < every
    assert shown(page, "article") == len(hostile_run.causes(known=False)) + len(
        hostile_run.causes(known=True)
    )
    page.select_option("#level", "1")
    assert {row.get_attribute("data-level") for row in page.locator("tr[data-level]:visible").all()} == {"1"}
    page.select_option("#level", "")
    page.fill("#search", "refund_amount=0.01 AMOUNT")
    assert (
        page.locator("article:visible").first.get_attribute("data-requirement").startswith("request.refund.")
    )
    assert page.locator("#shown").inner_text() == f"{shown(page, 'tr')} requirements shown"
    page.fill("#search", "no such words anywhere")
    assert (shown(page, "tr"), page.locator("#nothing").is_visible()) == (0, True)


def test_the_keyboard_reaches_everything(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article, form') !== null")
    unnamed = page.evaluate(
        "[...document.querySelectorAll('input,select')].filter(each => !each.labels.length).length"
    )
    assert unnamed == 0
    assert page.locator("html").get_attribute("lang") == "en"
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(each => each.id)")
    assert len(ids) == len(set(ids))


CONTRAST = """() => {
  const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = each => {
    for (; each; each = each.parentElement) {
      const found = parse(getComputedStyle(each).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  let worst = 21;
  const texts = 'h1,h2,h3,p,b,dt,dd,pre,mark,td,th,a,.badge,.state,summary,figcaption,label,output';
  for (const each of document.querySelectorAll(texts)) {
    const [a, b] = [light(parse(getComputedStyle(each).color)), light(ground(each))];
    worst = Math.min(worst, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return worst;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_contrast_is_enough_for_people(page, scheme):
    page.emulate_media(color_scheme=scheme)
    assert page.evaluate(CONTRAST) >= 4.5


def test_a_phone_need_not_scroll_sideways(page):
    before = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size(before)


def test_print_opens_every_finding(page):
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0


@pytest.fixture(scope="module")
def crowded(hostile_run, folder):
    """A page of nine hundred findings."""
    found = [each for each in hostile_run.results if each.finding]
    copies = [
        replace(each, case=f"{each.case}-{n}", finding=replace(each.finding, case=f"{each.case}-{n}"))
        for n, each in enumerate(islice(cycle(found), 900))
    ]
    file = folder / "crowded.html"
    file.write_text(render("html", replace(hostile_run, results=tuple(copies))), "utf-8")
    return file.as_uri()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_in_nine_hundred_findings(page, crowded, width, scheme):
    pytest.importorskip("axe_playwright_python")
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    usual, size = page.url, page.viewport_size
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(crowded)
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    page.set_viewport_size(size)
    page.goto(usual)
    assert page.locator("article").count() > 3
    shown = [
        f"{each['id']}: {len(each['nodes'])} {each['nodes'][0]['html'][:200]}" for each in found["violations"]
    ]
    assert shown == []
