"""Runs a program in a terminal of its own: in_terminal.py PROGRAM ARGS...

What comes on stdin is typed there, and what the terminal shows goes to stdout. The exit code is the program's, 128 + n
after signal n. At the end of stdin the terminal is closed, as a window is.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios

KEYBOARD, SCREEN = 0, 1
ROWS, COLUMNS = 40, 120


def read(source: int) -> bytes:
    try:
        return os.read(source, 65536)
    except OSError:  # How Linux says that nobody writes to the terminal any more.
        return b""


pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
is_open = True
while is_open:
    for source in select.select([terminal, KEYBOARD], [], [])[0]:
        data = read(source)
        is_open = is_open and data != b""
        os.write(terminal if source == KEYBOARD else SCREEN, data)
os.close(terminal)
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(code if code >= 0 else 128 - code)
