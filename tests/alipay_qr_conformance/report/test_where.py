"""Where to look: the function that keeps a rule, in any language, within bounds."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from alipay_qr_conformance.report.where import look

EXAMPLES = Path(__file__).parents[3] / "examples"
RIGHT = {
    "sign.md5.digest": "md5",
    "verify.reject.changed": "verify",
    "notify.genuine": "notify",
    "money.cancel.window": "cancel",
}


def causes(*names):
    return [SimpleNamespace(id=name) for name in names]


@pytest.mark.parametrize("language", ["php", "javascript", "java", "go", "csharp", "ruby", "python"])
def test_the_function_that_keeps_a_rule_is_among_three(language):
    found = look(EXAMPLES / language, causes(*RIGHT))
    for rule, word in RIGHT.items():
        assert any(word in place.rpartition(" ")[2].lower() for place in found[rule]), (rule, found[rule])
        assert len(found[rule]) <= 3


def test_what_is_hidden_linked_or_vendored_is_left_out(tmp_path):
    for folder in (".git", "node_modules", "vendor"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.py").write_text("def md5(): pass\n")
    (tmp_path / "link.py").symlink_to(EXAMPLES / "python" / "signing.py")
    (tmp_path / "large.py").write_text("def md5(): pass\n" + "#" * 500_000)
    assert look(tmp_path, causes("sign.md5.digest")) == {}


def test_hostile_source_costs_little(tmp_path):
    (tmp_path / "x.js").write_text("a " * 150_000 + "\n" + "(" * 90_000)
    assert look(tmp_path, causes("sign.md5.digest")) == {}


def test_a_folder_that_is_none_is_told(tmp_path):
    with pytest.raises(NotADirectoryError):
        look(tmp_path / "absent", causes("sign.order"))
