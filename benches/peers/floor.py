#!/usr/bin/env python3
"""Writes files and brings them to the disk, and does nothing else: what saving them costs at the least.

    floor.py FOLDER COUNT BYTES HOW     HOW is syncfs (once, after all) or fsync (each)
"""

import ctypes
import os
import sys

BLOCK_BYTES = 1 << 20


def write(path, bytes_left, block, each):
    file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    while bytes_left > 0:
        bytes_left -= os.write(file, block[:bytes_left])
    if each:
        os.fsync(file)
    os.close(file)


def main():
    folder, count, length, how = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    os.mkdir(folder)
    block = memoryview(os.urandom(min(length, BLOCK_BYTES)))
    for number in range(count):
        write(f"{folder}/{number:07}", length, block, how == "fsync")
    directory = os.open(folder, os.O_RDONLY)
    if how == "syncfs" and ctypes.CDLL(None, use_errno=True).syncfs(directory) != 0:
        raise OSError(ctypes.get_errno(), "syncfs")
    os.fsync(directory)


if __name__ == "__main__":
    main()
