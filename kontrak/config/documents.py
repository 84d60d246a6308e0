"""The documents that clauses rest on, by the SHA-256 of the files they were read from.

The files themselves are not part of the project; whoever has one can report by its hash that it is
the edition that was judged against. Public pages have none: they change.
"""

from __future__ import annotations

SHA256: dict[str, str] = {
    "000_225173fa548c7a0b.txt": "1e28ca046571cd908232d388e1eec3fecffad8b72ad36272f9a98eace42893a1",
    "001_c00a3ef8cdb59c68.txt": "d871c0cce10e3458465ed0b16758aa903ef9d33f642be90f96defb515330ba9b",
    "002_39248943ca9b132d.txt": "373c9c9a2a0cc9088e71a2d619b86ff86bfcdef27dc042011a9d22e2c899765e",
    "003_9b3f16432d5cddec.txt": "b75b6e912e11cfe90d64cd7e10188559299767f5b3833d6e37daa1754e56e6f8",
    "004_aa804b5916536fc5.txt": "01f2d5b64eb8381b0a2b5b57cbd02ca7268627ad65a1ed75a0735b0854c7218b",
}
