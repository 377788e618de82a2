"""A changed version of ministack fails when the emulator starts."""

from types import ModuleType

import pytest

from local.emulator.patching import EmulatorChangedError, wrap


def patched() -> str:
    return "the text that the patch expects"


def test_function_with_changed_source_is_not_patched() -> None:
    module = ModuleType("ministack.part")
    module.patched = patched  # type: ignore[attr-defined]
    with pytest.raises(EmulatorChangedError, match=r"ministack\.part\.patched"):
        wrap(module, "patched", "the text of an older version", lambda function: function)
