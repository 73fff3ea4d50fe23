"""A file system that is missing what others have: the folder BACKING, seen at MOUNT through FUSE.

    oddfs.py BACKING MOUNT WORD...

    case            upper and lower case are one name; each name is kept as it was made
    names=N         no name is longer than N bytes (eCryptfs: 143)
    no-symlinks, no-links, no-locks (flock and fcntl), no-rename-new
    seconds=N       times are multiples of N seconds, as on FAT (2)
    eio=FILE        while FILE exists every write answers EIO, and every sync

Needs mfusepy. Runs in the foreground until MOUNT is unmounted. One thread: what it does is done in order.
"""

import errno
import os
import sys

import mfusepy


class Odd(mfusepy.Operations):
    """BACKING, less what the words take away."""

    use_ns = True

    def __init__(self, backing, words):
        self.backing = backing
        self.words = dict(word.partition("=")[::2] for word in words)

    def lacks(self, word, number=errno.EPERM):
        if word in self.words:
            raise mfusepy.FuseOSError(number)

    def fails(self):
        if os.path.exists(self.words.get("eio", "")):
            raise mfusepy.FuseOSError(errno.EIO)

    def real(self, path):
        """Where a path is, its last part included if it is there in another case."""
        here = self.backing
        longest = int(self.words.get("names", 255))
        for part in path.strip("/").split("/"):
            if len(part.encode()) > longest:
                raise mfusepy.FuseOSError(errno.ENAMETOOLONG)
            here = os.path.join(here, self.there(here, part))
        return here.rstrip("/")

    def there(self, folder, part):
        if "case" in self.words and not os.path.lexists(os.path.join(folder, part)):
            try:
                names = os.listdir(folder)
            except OSError:
                return part
            return next((name for name in names if name.casefold() == part.casefold()), part)
        return part

    def rounded(self, nanoseconds):
        step = int(self.words.get("seconds", 0)) * 10**9
        return nanoseconds // step * step if step else nanoseconds

    def getattr(self, path, fh=None):
        told = os.lstat(self.real(path))
        return {
            "st_mode": told.st_mode, "st_nlink": told.st_nlink, "st_uid": told.st_uid, "st_gid": told.st_gid,
            "st_size": told.st_size, "st_blocks": told.st_blocks, "st_ino": told.st_ino,
            "st_atime": told.st_atime_ns, "st_ctime": told.st_ctime_ns, "st_mtime": self.rounded(told.st_mtime_ns),
        }

    def statfs(self, path):
        told = os.statvfs(self.backing)
        names = ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_favail", "f_ffree", "f_files", "f_frsize", "f_namemax")
        stated = {name: getattr(told, name) for name in names}
        return stated | {"f_namemax": int(self.words.get("names", told.f_namemax))}

    def readdir(self, path, fh):
        folder = self.real(path)
        for name in [".", "..", *os.listdir(folder)]:
            told = os.lstat(os.path.join(folder, name))
            yield name, {"st_mode": told.st_mode, "st_ino": told.st_ino}, 0

    def readlink(self, path):
        return os.readlink(self.real(path))

    def mkdir(self, path, mode):
        os.mkdir(self.real(path), mode)

    def rmdir(self, path):
        os.rmdir(self.real(path))

    def unlink(self, path):
        os.unlink(self.real(path))

    def symlink(self, target, source):
        self.lacks("no-symlinks")
        os.symlink(source, self.real(target))

    def link(self, target, source):
        self.lacks("no-links")
        new = self.real(target)
        if os.path.lexists(new):
            raise mfusepy.FuseOSError(errno.EEXIST)
        os.link(self.real(source), new)

    def rename(self, old, new, flags=0):
        source, target = self.real(old), self.real(new)
        folder, name = self.real(os.path.dirname(new)), os.path.basename(new)
        if flags & 1:
            self.lacks("no-rename-new", errno.EINVAL)
            if os.path.lexists(target):
                raise mfusepy.FuseOSError(errno.EEXIST)
        if os.path.lexists(target) and not os.path.samefile(source, target) and not os.path.isdir(target):
            os.unlink(target)
        os.rename(source, os.path.join(folder, name))

    def chmod(self, path, mode):
        os.chmod(self.real(path), mode)

    def chown(self, path, uid, gid):
        os.lchown(self.real(path), uid, gid)

    def utimens(self, path, times=None):
        real = self.real(path)
        before = os.lstat(real)
        now = (before.st_atime_ns, before.st_mtime_ns)
        omit, present = (1 << 30) - 2, (1 << 30) - 1
        wanted = [
            old if time == omit or time is None else time for time, old in zip(times or (None, None), now)
        ]
        if times is None or present in times:
            os.utime(real, follow_symlinks=False)
        else:
            os.utime(real, ns=tuple(wanted), follow_symlinks=False)

    def open(self, path, flags):
        return os.open(self.real(path), flags & ~(os.O_NOFOLLOW | os.O_CREAT | os.O_EXCL))

    def create(self, path, mode, fi=None):
        return os.open(self.real(path), os.O_RDWR | os.O_CREAT, mode)

    def read(self, path, size, offset, fh):
        return os.pread(fh, size, offset)

    def write(self, path, data, offset, fh):
        self.fails()
        return os.pwrite(fh, data, offset)

    def truncate(self, path, length, fh=None):
        os.truncate(self.real(path) if fh is None else fh, length)

    def fsync(self, path, datasync, fh):
        self.fails()
        os.fsync(fh)

    def flush(self, path, fh):
        return 0

    def release(self, path, fh):
        os.close(fh)


class Lockless(Odd):
    """The same without any lock."""

    def flock(self, path, fh, op):
        raise mfusepy.FuseOSError(errno.ENOLCK)

    def lock(self, path, fh, cmd, lock):
        raise mfusepy.FuseOSError(errno.ENOLCK)


def main():
    backing, mount, *words = sys.argv[1:]
    operations = (Lockless if "no-locks" in words else Odd)(os.path.realpath(backing), words)
    mfusepy.FUSE(operations, mount, foreground=True, nothreads=True, use_ino=True, attr_timeout=0, entry_timeout=0)


main()
