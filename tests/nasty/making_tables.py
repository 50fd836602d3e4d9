"""Nasty tables of text and of Parquet, by their names; each has a column of text, or should."""

from __future__ import annotations

import bz2
import gzip
import json
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

LEADS, PLANS = "Sets a clear direction for us.", "Plans the weekly rota."
PLAIN = f"text,label\n{LEADS},leadership\n{PLANS},management\n"

#: Text that is hard on whoever cuts, counts or prints it.
ODD_TEXTS = {
    "rtl": "\u202eLeads\u202c the \u200fteam\u200e \u05de\u05e0\u05d4\u05dc \u0645\u062f\u064a\u0631.",
    "zero-width": "Pl\u200bans\u200d the\ufeff ro\u00adta\u2060.",
    "zalgo": "Plans" + "\u0301\u0316\u0353" * 300 + " the rota.",
    "emoji": "Leads \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f1ea\U0001f1fa 1\ufe0f\u20e3.",
    "noncharacters": "Plans \ufffe\uffff\ufdd0\U0010ffff the rota.",
    "private": "Plans \ue000\U000f0000 the rota.",
    "separators": "Plans\u2028the\u2029rota\x85now\x0band\x0cthen\x1c\x1d\x1e.",
    "controls": "Plans \x1b[31mthe\x1b[0m \x07rota\x08 \x9b2J \x1b]0;owned\x07.",
    "kelvin": "\u212aeeps \u0130stanbul stra\u00dfe \ufb01nance \u01c5 \u1e9e.",
    "digits": "Plans \u0663\u0664 \u00b2 \u2467 \u2155 rotas.",
    "wide": "\uff30\uff4c\uff41\uff4e\uff53 the rota.",
    "formula": '=HYPERLINK("http://x.invalid","Plans the rota")',
    "formula-plus": "+1+1 plans",
    "formula-minus": "- Plans the rota\n- =1+1 leads\n- @SUM(1) keeps",
    "formula-at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "formula-tab": "\t=1+1 plans",
    "no-letters": "... !!! 123 --- \u2603",
    "other-scripts": "\u7ba1\u7406\u8005 \u0440\u0443\u043a\u043e\u0432\u043e\u0434\u0438\u0442 \u03b7\u03b3\u03b5\u03af\u03c4\u03b1\u03b9",
    "markup": "<script>alert(1)</script> **Plans** [the](javascript:alert(1)) `rota` &amp; {{x}}",
    "rich-markup": "[bold]Plans[/bold] [link=http://x.invalid]the[/link] rota [/]",
}


def tables() -> dict[str, bytes]:
    """The files, by their names."""
    return _csv() | _jsonl() | _parquet()


def _csv() -> dict[str, bytes]:
    quoted = PLAIN.replace(PLANS, '"Plans, as ""asked"",\nthe rota."')
    swap = str.maketrans({",": ";", ";": ","})
    odd = "".join(
        f'"{text.replace(chr(34), chr(34) * 2)}",neither\n' for text in ODD_TEXTS.values()
    )
    texts = {
        "plain.csv": PLAIN,
        "semicolon.csv": PLAIN.translate(swap),
        "pipe.csv": PLAIN.replace(",", "|"),
        "tabs.csv": PLAIN.replace(",", "\t"),
        "tabs.tsv": PLAIN.replace(",", "\t"),
        "commas.tsv": PLAIN,
        "says-sep.csv": "sep=;\n" + PLAIN.replace(",", ";"),
        "caret.csv": PLAIN.replace(",", "^"),
        "doubled-quotes.csv": quoted,
        "escaped-quotes.csv": PLAIN.replace(PLANS, r'"Plans \"the\" rota."'),
        "single-quotes.csv": PLAIN.replace(PLANS, "'Plans, the rota.'"),
        "stray-quote.csv": PLAIN.replace(PLANS, 'Plans the 5" rota.'),
        "quote-and-more.csv": PLAIN.replace(PLANS, '"Plans" the rota.'),
        "open-quote.csv": PLAIN.replace(PLANS, '"Plans the rota.'),
        "open-quote-header.csv": '"text,label\n' + PLAIN,
        "only-quotes.csv": '"' * 99,
        "cr.csv": PLAIN.replace("\n", "\r"),
        "crlf.csv": PLAIN.replace("\n", "\r\n"),
        "mixed-ends.csv": PLAIN.replace("\n", "\r\n", 1)
        + "Keeps watch.,neither\rLeads.,leadership\n\r",
        "no-last-end.csv": PLAIN.rstrip("\n"),
        "nul.csv": PLAIN.replace("rota", "ro\0ta"),
        "nul-header.csv": PLAIN.replace("label", "la\0bel"),
        "only-nul.csv": "\0" * 200,
        "nul-rows.csv": PLAIN + "\0\n\0,\0\n",
        "ragged.csv": PLAIN + "Leads,leadership,more\n",
        "short-row.csv": PLAIN + "Leads\n",
        "empty-names.csv": PLAIN.replace("text,label\n", "text,label,,\n")
        .replace("ship\n", "ship,,\n")
        .replace("ment\n", "ment,,\n"),
        "same-names.csv": "text,label,label\nLeads.,leadership,both\n",
        "same-texts.csv": "text,text,label\nLeads.,Plans.,leadership\n",
        "taken-names.csv": "text,label,p_leadership,traits,leadclass_label\nLeads.,leadership,1,,x\n",
        "newline-names.csv": '"te\nxt",text,"la\r\nbel",label\na,Leads.,b,leadership\n',
        "long-name.csv": f"text,label,{'n' * 5000}\nLeads.,leadership,1\n",
        "formula-names.csv": "text,label,=1+1,@x,-y\nLeads.,leadership,=1+1,@x,-y\n",
        "control-names.csv": "te\x1b[31mxt,label\nLeads.,leadership\n",
        "header-only.csv": "text,label\n",
        "header-no-end.csv": "text,label",
        "empty.csv": "",
        "only-bom.csv": "\ufeff",
        "blank.csv": "\n\n\n",
        "spaces.csv": "   \n  \n",
        "bom.csv": "\ufeff" + PLAIN,
        "two-boms.csv": "\ufeff\ufeff" + PLAIN,
        "bom-within.csv": PLAIN.replace(PLANS, "\ufeffPlans the rota."),
        "empty-cells.csv": "text,label\n,neither\n,neither\n",
        "blank-lines.csv": "\n\ntext,label\n\nLeads.,leadership\n\n\n",
        "comment-line.csv": "# made today\n" + PLAIN,
        "one-column.csv": f"text\n{LEADS}\n\n{PLANS}\n",
        "odd-texts.csv": "text,label\n" + odd,
        "separators.csv": "text,label\nPlans\x0bthe\x0crota\x1c\x1d\x1e\x85\u2028\u2029.,management\n",
        "label-controls.csv": "text,label\nPlans.,\x1b[31mred\n",
        "label-long.csv": f"text,label\nPlans.,{'x' * 3000}\n",
        "traits-odd.csv": "text,label,traits\nPlans.,management,\x1b[2J;=1+1\n",
        "ids.csv": "id,text,label\n,Leads.,leadership\na,Plans.,management\na,Plans.,management\n",
        "html.csv": "<!doctype html><html><body>Login</body></html>",
        "json.csv": '[{"text": "Leads."}]',
    }
    files = {name: text.encode() for name, text in texts.items()}
    for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        files[f"{name}.csv"] = PLAIN.encode(name)
        files[f"{name}-bom.csv"] = ("\ufeff" + PLAIN).encode(name)
    return files | {
        "utf-16-odd.csv": ("\ufeff" + PLAIN).encode("utf-16-le") + b"\n",
        "utf-16-lone.csv": b"\xff\xfe" + "text\n".encode("utf-16-le") + b"\x00\xd8\n\0",
        "cp1252.csv": PLAIN.replace("rota", "\u201crota\u201d \u20ac9 caf\u00e9").encode("cp1252"),
        "latin-1.csv": PLAIN.replace("rota", "caf\u00e9").encode("latin-1"),
        "latin-and-utf-8.csv": PLAIN.replace(LEADS, "Caf\u00e9").encode()
        + "Caf\u00e9,neither\n".encode("latin-1"),
        "overlong.csv": PLAIN.encode().replace(b"rota", b"ro\xc0\xafta"),
        "surrogates.csv": PLAIN.encode().replace(b"rota", b"ro\xed\xa0\xbd\xed\xb8\x80ta"),
        "too-high.csv": PLAIN.encode().replace(b"rota", b"ro\xf4\x90\x80\x80ta"),
        "torn.csv": PLAIN.encode() + b"Caf\xc3",
        "plain.csv.gz": gzip.compress(PLAIN.encode(), mtime=0),
        "two-members.csv.gz": gzip.compress(PLAIN.encode(), mtime=0)
        + gzip.compress(b"Leads.,leadership\n", mtime=0),
        "cut-off.csv.gz": gzip.compress(PLAIN.encode() * 9, mtime=0)[:-12],
        "more-after.csv.gz": gzip.compress(PLAIN.encode(), mtime=0) + b"not gzip",
        "not-packed.csv.gz": PLAIN.encode(),
        "empty-inside.csv.gz": gzip.compress(b"", mtime=0),
        "cut-off.csv.bz2": bz2.compress(PLAIN.encode() * 9)[:-9],
        "not-packed.csv.zst": PLAIN.encode(),
        "not-packed.jsonl.lz4": PLAIN.encode(),
        "not-packed.csv.br": PLAIN.encode(),
        "wrong-kind.csv.bz2": gzip.compress(PLAIN.encode(), mtime=0),
        "zip.csv": b"PK\x03\x04" + bytes(60),
        "noise.csv": bytes(range(256)) * 8,
    }


def _jsonl() -> dict[str, bytes]:
    row = '{"text": "Plans the rota.", "label": "management"}\n'
    odd = "".join(json.dumps({"text": t, "label": "neither"}) + "\n" for t in ODD_TEXTS.values())
    texts = {
        "plain.jsonl": row * 2,
        "odd-texts.jsonl": odd,
        "deep.jsonl": row[:-2] + ', "x": ' + "[" * 5000 + "]" * 5000 + "}\n",
        "deep-open.jsonl": row + "[" * 20_000,
        "deep-text.jsonl": '{"text": ' + '{"a":' * 600 + "1" + "}" * 600 + ', "label": "both"}\n',
        "huge-integer.jsonl": row[:-2] + f', "x": {"9" * 6000}}}\n',
        "huge-exponent.jsonl": row[:-2] + ', "x": 1e999999}\n',
        "huge-text-number.jsonl": f'{{"text": {"9" * 6000}, "label": "both"}}\n',
        "nan.jsonl": row[:-2] + ', "x": NaN, "y": -Infinity}\n',
        "nan-text.jsonl": '{"text": NaN, "label": "both"}\n',
        "same-keys.jsonl": '{"text": "a", "text": "Plans.", "label": "both", "label": "neither"}\n',
        "surrogates.jsonl": row.replace("rota", r"ro\ud800ta \udfff\ud83d\ude00"),
        "surrogate-key.jsonl": row[:-2] + r', "\ud800": 1, "?": 2}' + "\n",
        "nul.jsonl": row.replace("rota", r"ro\u0000ta"),
        "raw-nul.jsonl": row.replace("rota", "ro\0ta"),
        "raw-newline.jsonl": row.replace("rota", "ro\nta"),
        "other-keys.jsonl": row + '{"text": "Leads.", "more": 1}\n{"label": "both"}\n',
        "array.jsonl": '["text", "label"]\n',
        "array-of-rows.jsonl": f"[{row.strip()},\n{row.strip()}]\n",
        "null.jsonl": row + "null\n",
        "string.jsonl": '"Plans."\n',
        "number.jsonl": "1\n",
        "null-text.jsonl": '{"text": null, "label": "neither"}\n',
        "number-text.jsonl": '{"text": 7, "label": "neither"}\n',
        "list-text.jsonl": '{"text": ["Plans.", "Leads."], "label": "both"}\n',
        "cut-off.jsonl": row + row[:20],
        "empty.jsonl": "",
        "blank.jsonl": "\n \n\n",
        "empty-object.jsonl": "{}\n{}\n",
        "empty-key.jsonl": row[:-2] + ', "": 1}\n',
        "cr.jsonl": row.replace("\n", "\r") * 2,
        "separators.jsonl": row.replace("rota", "ro\u2028ta\x85") * 2,
        "bom.jsonl": "\ufeff" + row,
        "taken-keys.jsonl": row[:-2] + ', "p_leadership": 2, "traits": [1]}\n',
        "late-taken.jsonl": row + row[:-2] + ', "traits": "x"}\n',
        "csv.jsonl": PLAIN,
        "pretty.jsonl": '{\n  "text": "Plans."\n}\n',
        "comma.jsonl": row.strip() + ",\n" + row,
        "single-quotes.jsonl": "{'text': 'Plans.'}\n",
        "trailing.jsonl": row.strip() + " {}\n",
        "control-key.jsonl": row[:-2] + ', "\\u001b[31m": 1}\n',
    }
    files = {name: text.encode() for name, text in texts.items()}
    return files | {
        "utf-16.jsonl": row.encode("utf-16"),
        "latin-1.jsonl": row.replace("rota", "caf\u00e9").encode("latin-1"),
    }


def _parquet() -> dict[str, bytes]:
    columns = {"text": [LEADS, PLANS, None], "label": ["leadership", "management", "neither"]}
    plain = pa.table(columns)
    whole = _written(plain)

    def with_text(column: pa.Array) -> bytes:
        return _written(plain.set_column(0, "text", column))

    label = pa.array(["both"] * 3)
    return {
        "plain.parquet": whole,
        "cut-off.parquet": whole[: len(whole) // 2],
        "footer-cut.parquet": whole[:-20] + whole[-8:],
        "footer-long.parquet": whole[:-8] + (0x7FFFFFFF).to_bytes(4, "little") + b"PAR1",
        "footer-zero.parquet": whole[:-8] + bytes(4) + b"PAR1",
        "only-magic.parquet": b"PAR1PAR1",
        "zeroed.parquet": whole[:4] + bytes(40) + whole[44:],
        "csv.parquet": PLAIN.encode(),
        "empty.parquet": b"",
        "dictionary.parquet": with_text(plain["text"].combine_chunks().dictionary_encode()),
        "large-string.parquet": with_text(plain["text"].cast(pa.large_string())),
        "binary.parquet": with_text(plain["text"].cast(pa.binary())),
        "bad-utf-8.parquet": with_text(_not_utf8()),
        "list.parquet": with_text(pa.array([["Leads."], [], None])),
        "struct.parquet": with_text(pa.array([{"a": "Leads."}, None, {"a": None}])),
        "numbers.parquet": with_text(pa.array([1, 2, None])),
        "nulls.parquet": with_text(pa.nulls(3)),
        "no-rows.parquet": _written(plain.slice(0, 0)),
        "no-columns.parquet": _written(pa.table({})),
        "same-names.parquet": _written(
            pa.Table.from_arrays([plain["text"], plain["text"], label], ["text", "text", "label"])
        ),
        "taken-names.parquet": _written(
            pa.Table.from_arrays([plain["text"], label, label], ["text", "label", "p_leadership"])
        ),
        "odd-types.parquet": _written(
            plain.append_column("d", pa.array([None] * 3, pa.decimal128(38, 9)))
            .append_column("t", pa.array([0, 2**62, None], pa.timestamp("ns", "Europe/Oslo")))
            .append_column("u", pa.array([0, 1, 2], pa.duration("us")))
            .append_column("m", pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int8())))
            .append_column("f", pa.array([1.5, float("nan"), None], pa.float16()))
        ),
        "formula-names.parquet": _written(plain.rename_columns(["text", "=1+1"])),
        "odd-texts.parquet": _written(
            pa.table({"text": list(ODD_TEXTS.values()), "label": ["neither"] * len(ODD_TEXTS)})
        ),
        "locked.parquet": _locked(plain),
    }


def _written(table: pa.Table) -> bytes:
    stream = BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


def _not_utf8() -> pa.Array:
    data, offsets = b"Leads \xff\xfe.", pa.array([0, 9, 9, 9], pa.int32())
    return pa.Array.from_buffers(pa.string(), 3, [None, offsets.buffers()[1], pa.py_buffer(data)])


class _Keys(pe.KmsClient):
    """Keeps nothing: whoever has the file has no key."""

    def __init__(self, config: pe.KmsConnectionConfig) -> None:
        pe.KmsClient.__init__(self)

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> bytes:
        return b"wrapped"

    def unwrap_key(self, wrapped_key: bytes, master_key_identifier: str) -> bytes:
        raise KeyError


def _locked(table: pa.Table) -> bytes:
    config = pe.EncryptionConfiguration(footer_key="k", column_keys={"c": ["text"]})
    properties = pe.CryptoFactory(_Keys).file_encryption_properties(
        pe.KmsConnectionConfig(), config
    )
    stream = BytesIO()
    with pq.ParquetWriter(stream, table.schema, encryption_properties=properties) as writer:
        writer.write_table(table)
    return stream.getvalue()
