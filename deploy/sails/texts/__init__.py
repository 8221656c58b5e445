"""Every text that `sails` shows to a person, in zh-CN and en: key → (zh, en), by noun."""

import os
from collections.abc import Mapping

from deploy.sails.texts import checks, failures, matching, running, supplies

TEXTS: Mapping[str, tuple[str, str]] = {
    key: both
    for part in (running, supplies, matching, failures, checks)
    for key, both in part.TEXTS.items()
}


def language(environ: Mapping[str, str] | None = None) -> str:
    """en when the first one set of SAILS_LANG, LC_ALL, LANG asks for English, else zh."""
    env = os.environ if environ is None else environ
    asked = env.get("SAILS_LANG") or env.get("LC_ALL") or env.get("LANG") or ""
    return "en" if asked.lower().startswith("en") else "zh"


def text(key: str, **values: object) -> str:
    """The text of this key in the caller's language."""
    chinese, english = TEXTS[key]
    return (english if language() == "en" else chinese).format(**values)
