"""Settings of a folder of runs: the file, the environment above it, and a sentence for what is neither."""

from pathlib import Path

import pytest

from seqlab.errors import Fault
from seqlab.training import settings
from seqlab.training.settings import Settings


def test_the_environment_stands_above_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.read(tmp_path) == Settings(resume=True, quota_gb=None, keep_days=None)
    settings.write(tmp_path, Settings(resume=False, quota_gb=2.5))
    assert settings.read(tmp_path) == Settings(resume=False, quota_gb=2.5)
    monkeypatch.setenv("SEQLAB_RESUME", "yes")
    monkeypatch.setenv("SEQLAB_KEEP_DAYS", "30")
    assert settings.read(tmp_path) == Settings(resume=True, quota_gb=2.5, keep_days=30)


@pytest.mark.parametrize(("name", "value"), [("SEQLAB_RESUME", "perhaps"), ("SEQLAB_QUOTA_GB", "nan"),
                                             ("SEQLAB_QUOTA_GB", "0"), ("SEQLAB_KEEP_DAYS", "a week")])
def test_a_wrong_value_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Fault, match=f"{name} must be"):
        settings.read(tmp_path)


def test_a_broken_file_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text('{"quota_gb": -3}', encoding="utf-8")
    with pytest.raises(Fault, match="cannot be read"):
        settings.read(tmp_path)


def test_what_the_environment_names_does_not_enter_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.write(tmp_path, Settings(quota_gb=3.0))
    monkeypatch.setenv("SEQLAB_QUOTA_GB", "9")
    settings.write(tmp_path, settings.read(tmp_path).model_copy(update={"keep_days": 5.0}))
    assert settings.read(tmp_path).quota_gb == 9.0
    monkeypatch.delenv("SEQLAB_QUOTA_GB")
    assert settings.read(tmp_path) == Settings(quota_gb=3.0, keep_days=5.0)
