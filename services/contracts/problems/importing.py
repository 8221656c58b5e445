"""Refusals of files, and what is said of their rows."""

CODES: dict[str, tuple[int, str, str]] = {
    # of the whole file: nothing has been imported
    "file_type_unknown": (
        415,
        "文件须为 XLSX、CSV 或 JSON Lines，并以相应的 Content-Type 发送",
        "Send XLSX, CSV or JSON Lines with its content type",
    ),
    "file_empty": (422, "文件中没有数据行", "The file has no rows"),
    "file_unreadable": (
        422,
        "文件无法读取：可能已损坏、加密或不是所声明的格式",
        "The file cannot be read: it is damaged, protected, or not of the format it is sent as",
    ),
    "file_encoding": (
        422,
        "文本编码无法识别，请保存为 UTF-8 或 GBK",
        "The encoding of the text is unknown: save it as UTF-8 or GBK",
    ),
    "file_too_much": (
        422,
        "文件展开后过大，请分成几个文件导入",
        "Unpacked, the file is too large: import it in several files",
    ),
    "file_too_many_rows": (
        422,
        "一个文件最多 {most} 行",
        "A file has {most} rows at most",
    ),
    "heading_unknown": (
        422,
        "不认识的列标题「{heading}」，请使用模板中的标题",
        "The heading “{heading}” is unknown: take those of the template",
    ),
    "heading_twice": (422, "列「{heading}」重复出现", "The column “{heading}” is there twice"),
    "heading_missing": (422, "缺少列「{heading}」", "The column “{heading}” is missing"),
    "import_running": (
        409,
        "本机构的上一个文件正在导入，请等待其完成",
        "Another file of this organisation is being imported; wait for its end",
    ),
    # of one row
    "row_malformed": (422, "该行不是有效的 JSON", "The row is not valid JSON"),
    "row_not_object": (422, "该行不是 JSON 对象", "The row is not a JSON object"),
    "row_unstorable": (
        422,
        "该行含有控制字符，或无法保存的数值",
        "The row contains a control character, or a number that cannot be kept",
    ),
    "row_too_much": (422, "该行的内容过多", "The row says too much for one supply"),
    "row_invalid": (
        422,
        "该列的值不符合要求：{message_zh}",
        "The value is not valid: {message}",
    ),
    "item_code_missing": (
        422,
        "缺少货号：重复导入时以货号识别同一供给",
        "The item code is missing: by it a supply is known when the file comes again",
    ),
    "item_code_twice": (
        422,
        "货号在文件中重复，已按前一行处理",
        "The item code is in the file twice; the earlier row counts",
    ),
    "item_updated": (409, "已有的供给已按该行更新", "The supply was there and has been updated"),
    "item_unchanged": (409, "供给已存在且内容相同", "The supply is there and says the same"),
    "source_ref_known": (409, "该来源的供给已导入", "This source has been imported already"),
}
