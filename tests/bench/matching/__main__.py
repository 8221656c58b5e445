"""`python -m tests.bench.matching PART SIZE FOLDER`: one part, its figures as JSON."""

import json
import sys
from pathlib import Path

from tests.bench.matching import peers, serving
from tests.bench.matching.parts import on_one_core

PARTS = {
    "build": serving.build,
    "serve": serving.serve,
    "raw": peers.raw_tantivy,
    "peer": peers.bm25s,
}

if __name__ == "__main__":
    part, size, folder = sys.argv[1:]
    on_one_core()
    print(json.dumps(PARTS[part](int(size), Path(folder))))
