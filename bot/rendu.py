"""The pages written on the server: one Jinja environment for all, strict and escaped."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

GABARITS = Path(__file__).parent / "gabarits"


def environment() -> Environment:
    """With ``tel``, the address that a telephone number is called by. Each caller adds its own words."""
    env = Environment(loader=FileSystemLoader(GABARITS), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    env.auto_reload = False
    env.filters.update(tel=lambda numero: "tel:" + "".join(c for c in numero if c.isdigit() or c == "+"))
    return env
