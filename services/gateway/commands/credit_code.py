"""The unified social credit code 统一社会信用代码 (GB 32100-2015)."""

import re

from stdnum.cn import uscc

# Registering authority and kind of body come first; python-stdnum wants digits there and so
# refuses rural collectives (N), trade unions (8), foreign bodies (Y) and others of the standard.
_FORM = re.compile(r"[1-9ANY][1-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def normal(text: str) -> str:
    """Without spaces and hyphens, in capitals. Raises ValueError when it is not a valid code."""
    code = str(uscc.compact(text))
    # Eighteen zeros satisfy the check digit, but no authority has the number 0.
    if not _FORM.fullmatch(code) or code[-1] != uscc.calc_check_digit(code):
        raise ValueError("not a unified social credit code")
    return code
