"""python3 e2e/kernel/recorder LAB.json… [-o DIR] [-j N]"""
import sys

if sys.version_info < (3, 9):
    sys.exit("record: Python 3.9 or later is needed")
sys.dont_write_bytecode = True

from main import main  # noqa: E402

main()
