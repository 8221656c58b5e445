"""What `sails import` says of a file of supplies: key → (zh, en)."""

TEXTS: dict[str, tuple[str, str]] = {
    "help-import": (
        "导入供给文件（XLSX、CSV、JSON Lines），并跟踪到完成",
        "Import a file of supplies (XLSX, CSV, JSON Lines) and follow it to its end",
    ),
    "help-import-file": (
        "文件；模板见 GET /api/v1/imports/template",
        "The file; GET /api/v1/imports/template has a template",
    ),
    "help-import-key": (
        "供应商的 API 密钥：导入本机构的供给；不给则以运营方身份导入公开供给",
        "A supplier's API key: its own supplies. Without it the operator imports public ones",
    ),
    "help-import-url": (
        "另一平台的地址（与 --key 同用）",
        "Address of another platform (with --key)",
    ),
    "import-running": ("导入", "importing"),
    "import-done": (
        "{number}：共 {rows_total} 行，导入 {imported}，跳过 {skipped}，失败 {failed}",
        "{number}: {rows_total} rows, {imported} imported, {skipped} skipped, {failed} failed",
    ),
    "column-row": ("行", "Row"),
    "column-field": ("列", "Column"),
    "ImportRefused": ("文件未被接受：{detail}", "The file was not taken: {detail}"),
    "KeyMissing": (
        "导入到另一平台须给出该平台的密钥（--key）：{detail}",
        "Another platform takes a file only with a key of it (--key): {detail}",
    ),
    "UnknownFile": (
        "找不到文件，或不是 .xlsx、.csv、.jsonl：{detail}",
        "No such file, or not .xlsx, .csv or .jsonl: {detail}",
    ),
    "ImportStuck": (
        "导入 {detail} 长时间没有进展，它会在后台继续",
        "The import {detail} has not moved for long; it goes on by itself",
    ),
}
