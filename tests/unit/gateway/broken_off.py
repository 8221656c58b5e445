"""A reader that dies in the middle of its answer."""

import sys

if __name__ == "__main__":
    print('{}\n{"line":2,"given":{}}\n{"line":3', flush=True)
    sys.exit(1)
