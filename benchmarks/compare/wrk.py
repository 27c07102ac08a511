"""wrk, where it is installed: a client that takes little from the app's cores."""

import json
import subprocess
import tempfile
from pathlib import Path

from benchmarks.compare.server import HOST
from benchmarks.compare.subjects import Subject

GRACE_SECONDS = 30

# Calls in turns, and what it saw as one line of JSON: times are microseconds there.
SCRIPT = """
wrk.method = "%(method)s"
%(headers)s
local calls = { %(calls)s }
local turn = 0
request = function()
  turn = turn %% #calls + 1
  return wrk.format(nil, calls[turn][1], nil, calls[turn][2])
end
done = function(summary, latency, requests)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format("\\nmeasured [%%d, %%d, %%f, %%f, %%d]\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), failed))
end
"""


def script(subject: Subject, token: str) -> str:
    """What wrk is to do, in Lua."""
    headers = {"Authorization": f"Bearer {token}"} if subject.signed_in else {}
    if subject.content_type:
        headers["Content-Type"] = subject.content_type
    set_headers = "\n".join(f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items())
    calls = ", ".join(f"{{{json.dumps(path)}, {json.dumps(body) if body else 'nil'}}}" for path, body in subject.calls)
    return SCRIPT % {"method": subject.method, "headers": set_headers, "calls": calls}


def load(  # noqa: PLR0913  # the target, and the load by keyword
    program: str, port: int, subject: Subject, token: str, *, connections: int, seconds: float
) -> tuple[float, float, float, int]:
    """Keep connections busy; returns requests per second, p50 and p99 in milliseconds, and errors."""
    whole = max(1, round(seconds))  # wrk accepts only whole seconds
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as file:
        file.write(script(subject, token))
        file.flush()
        options = ["-t1", f"-c{connections}", f"-d{whole}s", "-s", str(Path(file.name))]
        output = subprocess.run(  # noqa: S603  # wrk, with arguments of this module
            [program, *options, f"http://{HOST}:{port}"],
            check=True,
            capture_output=True,
            text=True,
            timeout=whole + GRACE_SECONDS,
        ).stdout
    return parsed(output)


def parsed(output: str) -> tuple[float, float, float, int]:
    """The line that the script wrote; requests with another status than 2xx or 3xx do not count as served."""
    requests, microseconds, p50, p99, errors = json.loads(output.rpartition("measured ")[2].strip())
    return max(0, requests - errors) / microseconds * 1e6, p50 / 1e3, p99 / 1e3, errors
