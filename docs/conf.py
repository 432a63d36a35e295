"""Sphinx: MyST pages and a reference that is generated from the code at every build."""

import re
import sys
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT / "reference_impl"), str(ROOT / "conformance")]

from alipay_qr._version import __version__  # noqa: E402 (after the path)

project = "Alipay Merchant QR conformance kit"
author = "the maintainers"
project_copyright = "the maintainers; code MIT, vectors CC0-1.0"
release = version = __version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_heading_anchors = 4
myst_enable_extensions = ["deflist", "colon_fence"]
myst_fence_as_directive = ["mermaid"]
nitpicky = True

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_title = f"{project} {release}"
html_copy_source = False
html_show_sourcelink = False


LINK = re.compile(r"\[([^\]]*)\]\((\.\./[^)\s]+)\)")


def name_files_of_the_repository(_app, docname, source):
    """Turn links to files outside the documentation, which work in the repository, into their names."""
    page = HERE / f"{docname}.md"

    def shown(found):
        target = (page.parent / found[2].partition("#")[0]).resolve()
        if target.is_relative_to(HERE.resolve()) or not target.is_relative_to(ROOT.resolve()):
            return found[0]
        name = f"`{target.relative_to(ROOT.resolve()).as_posix()}`"
        return name if found[1].strip("`") == name.strip("`") else f"{found[1]} ({name})"

    source[0] = LINK.sub(shown, source[0])


def write_texts(app, problem):
    """Write every page as Markdown beside its HTML, and the list of them for language models."""
    from generate import write_texts_of

    if problem is None and app.builder.format == "html":
        write_texts_of(HERE, Path(app.outdir), sorted(app.env.found_docs))


class Mermaid(Directive):
    """A diagram, which a forge draws: here its text, which can be read as it is."""

    has_content = True

    def run(self):
        """Return the text."""
        text = "\n".join(self.content)
        return [nodes.literal_block(text, text, language="text", classes=["mermaid"])]


def setup(app):
    """Write the generated pages before Sphinx looks for sources."""
    from generate import write_pages

    app.add_directive("mermaid", Mermaid)
    app.connect("source-read", name_files_of_the_repository)
    app.connect("build-finished", write_texts)
    app.connect("config-inited", lambda *_: write_pages(HERE / "generated"))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
