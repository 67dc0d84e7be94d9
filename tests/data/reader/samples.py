"""One sample of each kind of file that people bring, and what is to be read from it without any correction."""

from collections.abc import Sequence
from dataclasses import dataclass, field

ENGLISH = "It’s a “curly” café – and nobody knew why the lamp was lit so early that evening, £5.\n" * 30
PLAIN = ENGLISH.replace("’", "'").replace("“", '"').replace("”", '"').replace("–", "-")
CHINESE = "他在黄昏时走进了那间小屋，灯刚刚点上，没有人知道为什么。\n" * 30
JAPANESE = "夕方、彼は小さな部屋に入った。ランプがともったばかりだった。\n" * 30
RUSSIAN = "Это был тихий вечер, и лампа только что зажглась, но никто не знал почему.\n" * 30
EMOJI = "Ça marche 🎉👩‍🚀 très bien, naïve Zoë — 你好!\n" * 10
TUNE = "X:1\nT:The Kesh\nM:6/8\nL:1/8\nK:G\n|:G3 GAB|A3 ABd|edd gdd|edB dBA|\n" * 10
FASTA = ">sp|P69905|HBA_HUMAN\nMVLSPADKTNVKAAWGKVGAHAGEYGAEALERMFLSFPTTKTYFPHFDLSHGSAQVKGHG\n" * 20
CODE = "def step(x, h):\n\treturn np.tanh(x @ W + h @ U)\n\n\nif __name__ == '__main__':\n    step(1, 2)\n" * 10
OLD_HEADER = ("**Welcome To The World of Free Plain Vanilla Electronic Texts**\n"
              "***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***\nYou may keep this.\n"
              "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n")
BOOK = "\nChapter I\n\nThe lamp was lit, and nobody spoke.\n\n"
NAMES = "".join(f"{first}{last}\n" for first in ("Em", "Ol", "Av", "Iso")
                for last in ("ma", "ivia", "a", "bel", "na", "ra"))


@dataclass(frozen=True)
class TextSample:
    """A running text: its bytes, and the encoding and the text that are to be read; ``lost`` lines."""

    data: bytes
    encoding: str
    text: str
    lost: int = 0


@dataclass(frozen=True)
class TableSample:
    """A table: its bytes, how it is written, which columns are text and label, and the labels with their counts."""

    data: bytes
    encoding: str
    delimiter: str
    quoted: bool
    header: bool
    text: int
    label: int | None
    labels: dict[str, int] = field(default_factory=dict)
    first: str = ""
    texts: int = 0
    name: str = "table.csv"
    changes: Sequence[str] = ()


TEXT_SAMPLES = {
    "UTF-8": TextSample(ENGLISH.encode(), "utf-8", ENGLISH),
    "UTF-8 with BOM": TextSample(ENGLISH.encode("utf-8-sig"), "utf-8", ENGLISH),
    "UTF-16 with BOM": TextSample(ENGLISH.encode("utf-16"), "utf-16-le", ENGLISH),
    "UTF-16 big-endian with BOM": TextSample(b"\xfe\xff" + ENGLISH.encode("utf-16-be"), "utf-16-be", ENGLISH),
    "UTF-16 without BOM": TextSample(ENGLISH.encode("utf-16-le"), "utf-16-le", ENGLISH),
    "Windows-1252, curly quotes": TextSample(ENGLISH.encode("cp1252"), "cp1252", ENGLISH),
    "Windows-1252, one quote in a book": TextSample((b"the lamp was lit and " * 900) + b"\x93so\x94.", "cp1252",
                                                    "the lamp was lit and " * 900 + "“so”."),
    "Latin-1": TextSample("Où est l'été? Straße, El niño comió.\n".encode("latin-1") * 9, "cp1252",
                          "Où est l'été? Straße, El niño comió.\n" * 9),
    "UTF-8 with a broken byte": TextSample(ENGLISH.encode() + b"a\xffb\n", "utf-8", ENGLISH + "a\ufffdb\n", 1),
    "GB 18030": TextSample(CHINESE.encode("gb18030"), "gb18030", CHINESE),
    "Big5": TextSample("他在黃昏時走進了那間小屋，燈剛剛點上。\n".encode("big5") * 30, "big5",
                       "他在黃昏時走進了那間小屋，燈剛剛點上。\n" * 30),
    "Shift JIS": TextSample(JAPANESE.encode("shift_jis"), "cp932", JAPANESE),
    "Windows-1251": TextSample(RUSSIAN.encode("cp1251"), "cp1251", RUSSIAN),
    "CR LF": TextSample(PLAIN.replace("\n", "\r\n").encode(), "utf-8", PLAIN),
    "CR alone": TextSample(PLAIN.replace("\n", "\r").encode(), "utf-8", PLAIN),
    "Chinese in UTF-8": TextSample(CHINESE.encode(), "utf-8", CHINESE),
    "accents and emoji": TextSample(EMOJI.encode(), "utf-8", EMOJI),
    "ABC tunes": TextSample(TUNE.encode(), "utf-8", TUNE),
    "FASTA": TextSample(FASTA.encode(), "utf-8", FASTA),
    "source code": TextSample(CODE.encode(), "utf-8", CODE),
    "Gutenberg, *END*THE SMALL PRINT": TextSample((OLD_HEADER + BOOK + "End of The Project Gutenberg Etext of Lamps\n"
                                                   ).encode(), "utf-8", "\n" + BOOK, 5),
    "Gutenberg, START OF … ETEXT": TextSample(("Head\n*** START OF THE PROJECT GUTENBERG ETEXT OF LAMPS ***\n" + BOOK
                                               + "*** END OF THE PROJECT GUTENBERG ETEXT OF LAMPS ***\nLicence\n"
                                               ).encode(), "utf-8", "\n" + BOOK, 4),
}


def _rows(template: str, count: int = 40) -> str:
    return "".join(template.format(k=k, half=k % 2, five=k % 5, four=k % 4 + 1, pole=4 * (k % 2)) for k in range(count))


_HALVES = {"0": 20, "1": 20}
TABLE_SAMPLES = {
    "CSV, text and label": TableSample(
        ("text,label\n" + _rows('"row {k}, said ""he""",{half}\n')).encode(), "utf-8", ",", True, True, 0, 1, _HALVES,
        'row 0, said "he"', 40),
    "first line sep=;": TableSample(
        ("sep=;\r\nReview;Class\r\n" + _rows("nice, no. {k};{half}\r\n")).encode("utf-8-sig"), "utf-8", ";", True, True,
        0, 1, _HALVES, "nice, no. 0", 40),
    "UTF-16, tabs (Excel's Unicode text)": TableSample(
        ("text\tlabel\r\n" + _rows("Zoë {k}, “hm”\t{half}\r\n")).encode("utf-16"), "utf-16-le", "\t", True, True, 0, 1,
        _HALVES, "Zoë 0, “hm”", 40),
    "tabs, unbalanced quotes (GLUE SST-2)": TableSample(
        ("sentence\tlabel\n" + _rows('" a line {k} that opens\t{half}\n') + _rows("it 's {k} , fine\t{half}\n")
         ).encode(),
        "utf-8", "\t", False, True, 0, 1, {"0": 40, "1": 40}, '" a line 0 that opens', 80, "train.tsv"),
    "tabs, one unbalanced quote late": TableSample(
        ("sentence\tlabel\n" + _rows("it 's fine {k}\t{half}\n", 900) + '" oh\t1\n' + _rows("and {k}\t{half}\n")
         ).encode(),
        "utf-8", "\t", False, True, 0, 1, {"0": 470, "1": 471}, "it 's fine 0", 941, "train.tsv"),
    "no header, source first (GLUE CoLA)": TableSample(
        _rows("gj{k}\t{half}\t\tOur friends wo n't buy analysis {k}.\n").encode(), "utf-8", "\t", True, False, 3, 1,
        _HALVES, "Our friends wo n't buy analysis 0.", 40, "in_domain_train.tsv"),
    "no header, class, title, text (AG News)": TableSample(
        _rows('"{four}","Bears claw back {k}","Reuters - Short-sellers {k}, Wall Street\'s band\\of cynics."\n'
              ).encode(),
        "utf-8", ",", True, False, 2, 0, {"1": 10, "2": 10, "3": 10, "4": 10},
        "Reuters - Short-sellers 0, Wall Street's band\\of cynics.", 40),
    "no header, six columns (sentiment140)": TableSample(
        _rows('"{pole}","14678{k:05}","Mon Apr 06 22:{k:02}:45 PDT 2009","NO_QUERY","user{k}",'
              '"@friend http://example.org - Awww, that\'s a bummer {k}."\n').encode("latin-1"), "utf-8", ",", True,
        False, 5, 0, {"0": 20, "4": 20}, "@friend http://example.org - Awww, that's a bummer 0.", 40),
    "v1,v2,,, in Latin-1 (SMS spam)": TableSample(
        ("v1,v2,,,\n" + "".join(f'{("ham", "spam")[k % 2]},"Go until £{k}, available",,,\n' for k in range(40))
         ).encode("latin-1"), "cp1252", ",", True, True, 1, 0, {"ham": 20, "spam": 20}, "Go until £0, available", 40),
    "ham TAB text in a .txt (SMS spam)": TableSample(
        "".join(f"{('ham', 'spam')[k % 2]}\tGo until {k}, ok\n" for k in range(40)).encode(), "utf-8", "\t", True,
        False, 1, 0, {"ham": 20, "spam": 20}, "Go until 0, ok", 40, "SMSSpamCollection.txt"),
    "review,sentiment with <br /> (IMDb)": TableSample(
        ("review,sentiment\n" + "".join(
            f'"One ""fine"" film, {k}.<br /><br />Go\nsee it.",{("negative", "positive")[k % 2]}\n' for k in range(40))
         ).encode(), "utf-8", ",", True, True, 0, 1,
        {"negative": 20, "positive": 20}, 'One "fine" film, 0.<br /><br />Go see it.', 40,
        changes=("40 texts have line ends or tabs within",)),
    "cells of 200,000 characters": TableSample(
        ("text,label\n" + "".join(f'"{k} {"long, " * 33_400}",{k % 2}\n' for k in range(16))).encode(), "utf-8", ",",
        True, True, 0, 1, {"0": 8, "1": 8}, "0 " + "long, " * 33_400, 16),
    "labels in any case": TableSample(
        ("text,label\n" + "".join(f"row {k},{('negative', 'Positive', 'NEGATIVE', 'Positive')[k % 4]}\n"
                                  for k in range(40)) + "last,negative\n").encode(), "utf-8", ",", True, True, 0, 1,
        {"negative": 21, "Positive": 20}, "row 0", 41, changes=("10 texts have their label written in another way",)),
    "labels 0 to 4 as 0.0 to 4.0": TableSample(
        ("Phrase,Sentiment\n" + _rows("row {k},{five}.0\n", 60)).encode(), "utf-8", ",", True, True, 0, 1,
        {"0": 12, "1": 12, "2": 12, "3": 12, "4": 12}, "row 0", 60),
    "label first, text with bare commas": TableSample(
        ("label,text\n" + _rows("{half},well, no {k}, not so\n")).encode(), "utf-8", ",", True, True, 1, 0, _HALVES,
        "well, no 0, not so", 40, changes=("40 rows have more cells",)),
    "other names of columns": TableSample(
        ("id;Stimmung;Meinung\n" + _rows("{k};{half};Ganz schön, Nr. {k}\n")).encode("cp1252"), "cp1252", ";", True,
        True, 2, 1, _HALVES, "Ganz schön, Nr. 0", 40),
    "names, one a line": TableSample(NAMES.encode(), "utf-8", "", True, False, 0, None, {}, "Emma", 24, "names.txt"),
    "one column with commas": TableSample(
        b"text\n" + b"a line, with commas\nno comma\nmore, and, more\n" * 9, "utf-8", "", True, True, 0, None, {},
        "a line, with commas", 27),
}
