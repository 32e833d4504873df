"""What the site does with pages that stand outside its folder, and with links between them.

The same files are read as they are in the repository, so a link is written as it works there.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
OUTSIDE = {
    "README.md": "project/readme.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changelog.md",
    "CITATION.cff": "CITATION.cff",
    "LICENSE": "LICENSE",
}
"""Files of the project that the site shows as well, and where."""

MERMAID = "```mermaid\n"
AS_TEXT = (
    "*Where Mermaid is drawn, as in the repository on most hosts, the maps are seen as maps; here "
    "they stand as its text, since nothing is fetched.*\n\n"
)
LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)")


def on_files(files: Files, config: Any) -> Files:
    """Take up the files that stand outside the folder."""
    for path, place in OUTSIDE.items():
        files.append(File.generated(config, place, abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turn links that hold in the repository into links that hold on the site; explain maps."""
    place = page.file.src_uri
    source = {at: path for path, at in OUTSIDE.items()}.get(place, f"docs/{place}")

    def moved(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), link[1]))
        on_site = OUTSIDE.get(path) or path.removeprefix("docs/")
        return posixpath.relpath(on_site, posixpath.dirname(place) or ".")

    return LINK.sub(moved, markdown).replace(MERMAID, AS_TEXT + MERMAID, 1)
