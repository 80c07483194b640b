"""Texts out of the files of Debian packages: which language a file is in, and its text without markup."""
import gzip
import html
import re
import struct

# Extensions of source code, each with the group that shares a budget.
CODE = {
    "py": "python", "pyi": "python", "c": "c", "h": "c", "S": "c", "cc": "c++", "cpp": "c++", "hpp": "c++",
    "hxx": "c++", "ipp": "c++", "tpp": "c++", "js": "javascript", "mjs": "javascript", "ts": "javascript",
    "java": "java", "go": "go", "rs": "rust", "rb": "ruby", "php": "php", "pl": "perl", "pm": "perl",
    "el": "other code", "sh": "other code", "pas": "other code", "pp": "other code", "erl": "other code",
    "hrl": "other code", "ml": "other code", "mli": "other code", "m": "other code", "r": "other code",
    "R": "other code", "scala": "other code", "lua": "other code", "vim": "other code", "cmake": "other code",
    "css": "other code", "scss": "other code", "sql": "other code", "tex": "other code", "sty": "other code",
    "yaml": "other code", "yml": "other code", "toml": "other code", "json": "other code", "xml": "other code",
    "sce": "other code", "Makefile": "other code", "asm": "other code", "ly": "other code",
}
LANGUAGES = set("""en zh ja ko de fr es it pt ru pl nl uk cs hu sv tr vi id fi da nb ro el ar fa he hi th bn ta
    bg sr hr sk sl ca et lt lv ga eu gl mk is eo te mr gu kn ml pa""".split())
# Languages with a script of their own: a line of several words without any of it has not been translated.
OTHER_SCRIPTS = set("zh ja ko ru uk el ar fa he hi th bn ta bg sr mk te mr gu kn ml pa".split())
MAN = re.compile(r"/share/man/(?:([a-z]{2})(?:[_.@][^/]*)?/)?man\d[^/]*/")
LOCALE = re.compile(r"/(?:locale|help|HTML|translations)/([a-z]{2}|C)(?:[_.@-][A-Za-z@-]+)?/")
FOLDER = re.compile(r"/([a-z]{2})(?:[_-][A-Za-z]{2,4})?/")
SUFFIX = re.compile(r"[._-]([a-z]{2})(?:[_-][A-Za-z]{2})?\.(?:html|txt)$")
PACKAGE = re.compile(r"-(?:help|doc|l10n|reference|faq|html|fortunes|manpages|policy|legacy)?-?([a-z]{2})(?:-(?:cn|tw|br|pt|us))?$")
SKIPPED = re.compile(r"/(?:changelog|copyright|NEWS|TODO)|\.min\.|/core/arch/|/core_arch/|/implementors/|/html/src/|/licenses?/"
                     r"|\.(?:stderr|fixed|lock|snap|map)$|/_sources/|genindex|searchindex", re.I)


def group_of(package, path, language):
    """The budget that a file counts against, and how it is read; None for a file without text."""
    if SKIPPED.search(path):
        return None
    name = path.rsplit("/", 1)[-1]
    name = re.sub(r"\.(?:gz|dz)$", "", name)
    name = re.sub(r"\.utf8$", "", name)
    extension = name.rsplit(".", 1)[-1] if "." in name else name
    man = MAN.search(path)
    if man:
        return spoken(man.group(1) or "en"), "man"
    if extension == "mo" and LOCALE.search(path):
        return spoken(LOCALE.search(path).group(1)), "mo"
    if language == "code":
        group = CODE.get(extension)
        return (group, "plain") if group else None
    reader = {"html": "markup", "xhtml": "markup", "page": "markup", "docbook": "markup", "txt": "plain", "rst": "plain",
              "md": "plain", "pod": "plain", "dict": "plain", "text": "plain"}.get(extension)
    if reader is None and language != "auto" and "/fortunes/" in path and "." not in name:
        reader = "plain"
    if reader is None:
        # apache2-doc: index.html.ja.utf8
        parts = name.split(".html.")
        if len(parts) == 2 and parts[1][:2] in LANGUAGES:
            return spoken(parts[1]), "markup"
        return None
    if language != "auto":
        return language, reader
    for pattern in (SUFFIX, LOCALE, FOLDER):
        found = pattern.search(path)
        if found and spoken(found.group(1)):
            return spoken(found.group(1)), reader
    found = PACKAGE.search(package)
    return (spoken(found.group(1)) if found and spoken(found.group(1)) else "en"), reader


def spoken(name):
    name = "en" if name == "C" else name[:2]
    return name if name in LANGUAGES else None


def plain(data):
    return data.decode("utf-8")


BLOCK = re.compile(r"</?(?:p|div|li|ul|ol|dl|dt|dd|tr|table|h\d|br|hr|pre|section|title|item|para|td|th|note|"
                   r"screen|example|steps|listitem|sect\d|chapter|programlisting|figure|media)\b[^>]*>", re.I)


def markup(data):
    text = data.decode("utf-8")
    text = re.sub(r"(?is)<(script|style|head|nav|svg)\b.*?</\1>|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>]*>", "", text)
    kept = []
    # White space means something inside <pre> alone.
    for i, part in enumerate(re.split(r"(?is)<(?:pre|screen|code mime)\b[^>]*>(.*?)</(?:pre|screen|code)>", text)):
        if i % 2 == 0:
            part = BLOCK.sub("\n", re.sub(r"\s+", " ", part))
        part = html.unescape(re.sub(r"<[^>]*>", "", part))
        kept.append(part if i % 2 else re.sub(r" *\n[ \n]*", "\n", part))
    return "\n".join(kept)


ESCAPES = [(re.compile(pattern), with_) for pattern, with_ in (
    (r"\\f(?:\(..|\[[^\]]*\]|.)", ""), (r"\\s[-+]?\d", ""), (r"\\\(([a-z]{2})", ""), (r"\\\*\(..|\\\*\[[^\]]*\]|\\\*.", ""),
    (r"\\[-]", "-"), (r"\\[ ~0]", " "), (r"\\e|\\\(rs", r"\\"), (r"\\\[(?:aq)\]|\\\(aq", "'"), (r"\\[&|^/,:%cz]", ""),
    (r"\\\[[^\]]*\]", ""), (r"\\(.)", r"\1"))]


def man(data):
    """The text lines of a manual page: requests gone, fonts gone, filled lines joined."""
    lines = []
    for line in data.decode("utf-8").split("\n"):
        if line.startswith((".\\\"", "'\\\"", ".TH", ".de", ".if", ".ie", ".el", ".ds", ".nr", ".so", "..")):
            continue
        request = re.match(r"[.']\s*([A-Za-z]{1,3})\b *(.*)", line)
        if request:
            words = request.group(2).replace('" "', " ").replace('"', "")
            if request.group(1) in ("SH", "SS", "PP", "TP", "P", "LP", "IP", "RE", "nf", "fi", "br", "sp"):
                lines.append("\n")
                if request.group(1) in ("SH", "SS", "IP"):
                    lines.append(words + "\n")
            else:
                lines.append(words + " ")
        elif not line.startswith((".", "'")):
            lines.append(line + ("\n" if line.startswith((" ", "\t")) or not line else " "))
    text = "".join(lines)
    for pattern, with_ in ESCAPES:
        text = pattern.sub(with_, text)
    return re.sub(r" *\n[ \n]*\n", "\n\n", text)


def mo(data):
    """The translations of a compiled catalogue of messages."""
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    count, _, table = struct.unpack(order + "3I", data[8:20])
    texts = []
    for i in range(1, count):  # the first is the header
        size, begin = struct.unpack(order + "2I", data[table + 8 * i:table + 8 * i + 8])
        texts.append(data[begin:begin + size].replace(b"\0", b"\n"))
    return b"\n".join(texts).decode("utf-8")


READERS = {"plain": plain, "markup": markup, "man": man, "mo": mo}


def text_of(data, path, reader, group):
    """The file's text; empty where it is no text or has not been translated into its language."""
    if path.endswith((".gz", ".dz")):
        data = gzip.decompress(data)
    try:
        text = READERS[reader](data)
    except (UnicodeDecodeError, struct.error):
        return ""
    if "\0" in text:
        return ""
    if group in OTHER_SCRIPTS:
        text = "\n".join(line for line in text.split("\n") if not line.isascii() or line.count(" ") < 3)
    if reader != "plain":
        text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return text.strip("\n") + "\n" if len(text) > 40 else ""
