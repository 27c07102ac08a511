"""Code that may await at its top level: typed at a prompt, or as a script.

interact       `interact(opened, begin, history=...)`: a prompt, until the user leaves it
run_source     `await run_source(source, namespace, "<stdin>")`: a script, whose error is returned
"""

from tortoise_kit.shell.console import interact, run_source

__all__ = ["interact", "run_source"]
