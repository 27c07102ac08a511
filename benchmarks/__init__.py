"""How fast the service of this template is: beside other libraries, and beside an older checkout of itself.

`SERVICE=FOLDER` in the environment names the service to measure, such as a rendered project; by default it is the
un-rendered folder. Run the modules from the root of the repository: `docs/benchmarks.md` has the commands.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNRENDERED = ROOT / "{{cookiecutter.project_slug}}"
SERVICE = Path(os.environ.get("SERVICE", UNRENDERED)).resolve()
BYTECODE = ROOT / ".cache" / "benchmarks" / "bytecode"

sys.pycache_prefix = str(BYTECODE)  # all that lies in the service's folder is rendered, caches too
sys.path.append(str(SERVICE))  # last, since it has packages `benchmarks` and `tests`, too
