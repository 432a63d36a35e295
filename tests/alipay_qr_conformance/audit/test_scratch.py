"""The folder of an audit: removed at its end, or by the next audit where it was killed."""

import os
import tempfile

import pytest

from alipay_qr_conformance.audit.scratch import scratch


@pytest.fixture(autouse=True)
def temporary(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left_behind(parent, name, *, age):
    folder = parent / name
    folder.mkdir()
    (folder / "owner").touch()
    (folder / "part-000000.events").touch()
    moment = folder.stat().st_mtime - age
    os.utime(folder, (moment, moment))
    return folder


def test_what_a_killed_audit_left_is_removed(temporary):
    dead = left_behind(temporary, "alipay-qr-audit-dead", age=3600)
    young = left_behind(temporary, "alipay-qr-audit-young", age=1)
    other = left_behind(temporary, "another-program", age=3600)
    with scratch() as mine:
        assert not dead.exists()
        assert young.exists()
        assert other.exists()
        os.utime(mine, (0, 0))
        with scratch():
            assert mine.exists()  # its owner lives
    assert not mine.exists()


def test_a_link_is_left_where_it_points_to(temporary):
    target = left_behind(temporary, "precious", age=3600)
    link = temporary / "alipay-qr-audit-link"
    link.symlink_to(target)
    os.utime(link, (0, 0), follow_symlinks=False)
    with scratch():
        assert (target / "part-000000.events").exists()
