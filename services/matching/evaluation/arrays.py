"""Numbers of many suppliers, by place."""

from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
