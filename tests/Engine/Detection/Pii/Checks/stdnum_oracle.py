"""Answers for StdnumOracleTests: a line "module<TAB>value" in, "1" or "0" out; modules are those of python-stdnum, as in "gb.nhs"."""
import importlib
import sys

try:
    import stdnum
except ImportError:
    sys.exit(3)

print(stdnum.__version__, flush=True)
modules = {}
for line in sys.stdin:
    name, value = line.rstrip("\n").split("\t")
    if name not in modules:
        modules[name] = importlib.import_module("stdnum." + name)
    print(1 if modules[name].is_valid(value) else 0)
