"""Import Rasa without TensorFlow: empty stand-ins for libraries that Rasa imports and nothing here calls.

Rasa 3.6 imports tensorflow, keras and jax to define classifiers and policies that this assistant does not use; that
costs eight seconds and 400 MB at each start. So do, for a second and a half more, scikit-learn and matplotlib (its other
classifiers and its reports), the clients of messengers and stores that are not served here, and its prompts in a terminal.
``install`` must run before the first import of rasa. The command line
``rasa`` does not call it and works all the same, slower.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

LEARNING = ("tensorflow", "keras", "tensorflow_hub", "tensorflow_text", "tensorflow_addons", "jax", "jaxlib", "sklearn", "h5py", "matplotlib")
MESSENGERS = ("aiogram", "fbmessenger", "mattermostwrapper", "rocketchat_API", "slack_sdk", "twilio", "webexteamssdk")
STORES = ("aio_pika", "boto3", "botocore", "confluent_kafka", "google", "pymongo")
TERMINAL = ("questionary", "prompt_toolkit")
REPORTS = ("sentry_sdk", "structlog_sentry")
HEAVY = frozenset((*LEARNING, *MESSENGERS, *STORES, *TERMINAL, *REPORTS))


class _StandInType(type):
    def __getattr__(cls, nom: str) -> Any:
        if nom.startswith("__"):
            raise AttributeError(nom)
        return _stand_in(nom)

    def __getitem__(cls, _: Any) -> Any:
        return cls


def _stand_in(nom: str) -> Any:
    """A class that may be subclassed, annotated with, or used as a decorator."""

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        self._decore = args[0] if args and callable(args[0]) else None

    def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:
        return args[0] if len(args) == 1 and callable(args[0]) else self

    def __getattr__(self: Any, autre: str) -> Any:
        if autre.startswith("__"):
            raise AttributeError(autre)
        return _stand_in(autre)

    return _StandInType(nom, (), {"__init__": __init__, "__call__": __call__, "__getattr__": __getattr__})


class _EmptyModule(ModuleType):
    __version__ = "0"
    __path__: list[str] = []

    def __getattr__(self, nom: str) -> Any:
        if nom.startswith("__"):
            raise AttributeError(nom)
        return _stand_in(nom)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".")[0] in HEAVY:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _EmptyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def install() -> None:
    """Serve the stand-ins from now on. Raises RuntimeError when tensorflow is already imported."""
    if "tensorflow" in sys.modules and not isinstance(sys.modules["tensorflow"], _EmptyModule):
        raise RuntimeError("tensorflow is already imported")
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
