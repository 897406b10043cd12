"""The import wizard in a browser: a GB18030 table, a workbook, and what is put right and taken back."""

import io
import re
import zipfile

from harness import eventually
from tests import signed_in, write


def workbook(rows):
    """A workbook as other programs write it: shared strings, numbers, a style for days. A cell is a text, a number, or ("day", serial)."""
    texts, lines = [], []
    for row in rows:
        cells = []
        for cell in row:
            if isinstance(cell, str):
                texts.append(cell)
                cells.append(f'<c t="s"><v>{len(texts) - 1}</v></c>')
            elif isinstance(cell, tuple):
                cells.append(f'<c s="1"><v>{cell[1]}</v></c>')
            elif cell is None:
                cells.append("<c/>")
            else:
                cells.append(f"<c><v>{cell}</v></c>")
        lines.append(f"<row>{''.join(cells)}</row>")
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts = {
        "_rels/.rels": f'<Relationships><Relationship Id="a" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}"><sheets><sheet name="名单" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="r3" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{''.join(lines)}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {main}>{''.join(f'<si><t>{text}</t></si>' for text in texts)}</sst>",
        "xl/styles.xml": f'<styleSheet {main}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    }
    bytes_ = io.BytesIO()
    with zipfile.ZipFile(bytes_, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return bytes_.getvalue()


def press(who, name):
    who.page.get_by_role("button", name=name, exact=True).click()


def heading(who, text):
    who.page.wait_for_selector(f"h2:has-text('{text}')", timeout=90000)


def test_import_wizard_takes_a_gb18030_table(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/lead/import")
    table = (
        "姓名,手机,公司,来源渠道,星座\r\n导甲,13700137001,甲公司,官网表单,白羊\r\n导乙,12,乙公司,官网表单,\r\n,13700137003,丙公司,官网表单,\r\n"
        "导丁,13700137004,丁公司,官网表单,\r\n"
    ).encode("gb18030")
    who.page.get_by_label("表格文件").set_input_files(write("leads.csv", table))
    press(who, "上传")
    who.page.wait_for_selector("select#c0")
    assert "GB18030" in who.text() and "逗号" in who.text() and "导甲 · 导乙" in who.text()
    assert who.page.locator("#c0").input_value() == "name" and who.page.locator("#c4").input_value() == ""
    assert who.page.locator("tr.left-out").count() == 1
    who.check()
    press(who, "下一步")
    who.page.wait_for_selector("#import-match")
    who.check()
    press(who, "检查全部行")
    heading(who, "检查结果")
    report = who.page.locator("#report").inner_text()
    assert "新建 3 条" in report or "新建 2 条" in report, report
    assert "有问题" in report and "\t" in report, report
    who.check()
    who.go("/records/lead?q=" + "导甲")
    assert "甲公司" not in who.text(), "a check writes nothing"
    who.page.go_back()
    heading(who, "检查结果")
    with who.page.expect_download() as download:
        who.page.get_by_role("link", name="下载有问题的行（CSV）").click()
    rejects = open(download.value.path(), encoding="utf-8-sig").read()
    assert "原因" in rejects.splitlines()[0] and "丙公司" in rejects and "导甲" not in rejects, rejects
    who.page.get_by_role("button", name=re.compile("^导入 ")).click()
    heading(who, "导入结果")
    who.check()
    who.page.get_by_role("link", name="查看这些记录").click()
    who.page.wait_for_selector("#imported")
    assert "导甲" in who.text() and "导丁" in who.text()
    who.check()
    who.go("/records/lead?q=" + "导甲")
    assert "甲公司" in who.text()
    # Taken back, all of it is gone.
    who.go("/records/lead/import")
    who.page.locator("main a", has_text="leads.csv").first.click()
    heading(who, "导入结果")
    press(who, "撤销这次导入")
    who.page.locator("[role=alertdialog] .primary").click()
    heading(who, "导入已撤销")
    who.check()
    who.go("/records/lead?q=" + "导甲")
    assert "甲公司" not in who.text()
    who.finish()


def test_refused_cells_are_put_right_in_place(chromium, server):
    who = signed_in(chromium, server, "Sales director")
    who.go("/records/lead/import")
    table = (
        "姓名,手机,公司,来源渠道\r\n改甲,13710137001,甲公司,官网表单\r\n,13710137002,改正公司,官网表单\r\n改丙,13710137003,改正公司,电视\r\n"
        "改丁,13710137004,改正公司,电视\r\n改戊,1,改正公司,官网表单\r\n")
    who.page.get_by_label("表格文件").set_input_files(write("correct.csv", table.encode()))
    press(who, "上传")
    who.page.wait_for_selector("select#c0")
    press(who, "下一步")
    press(who, "检查全部行")
    heading(who, "检查结果")
    who.check()
    # A value that is no option is answered once for all rows with it, and the page says where a new option would be written.
    strange = who.page.locator(".strange-values")
    assert "电视" in strange.inner_text() and "2 行" in strange.inner_text()
    assert strange.get_by_role("link", name=re.compile(r"\.yaml:\d+")).count() == 1
    strange.locator("select").select_option(label="官网表单")
    who.page.get_by_label("第 3 行 姓名").fill("改乙")
    press(who, "改好了，重新检查")
    who.page.wait_for_selector("h2:has-text('检查结果')")
    who.until("document.querySelector('.strange-values') === null && !document.querySelector('[data-poll]')")
    heading(who, "检查结果")
    report = who.page.locator("#report").inner_text()
    assert "新建 4 条" in report or "新建 5 条" in report, report
    if "有问题" in report:
        assert "1 行有问题" in report
    who.page.get_by_role("button", name=re.compile("^导入 ")).click()
    heading(who, "导入结果")
    if who.page.locator("#corrections").count():
        # What a finished import refused becomes an import of its own.
        who.page.get_by_label("第 6 行 手机").fill("13710137005")
        press(who, "改好了，再导入这些行")
        heading(who, "检查结果")
        assert "correct-改正.csv" in who.text() and "新建 1 条" in who.text()
        who.check()
        press(who, "导入 1 行")
        heading(who, "导入结果")
    who.go("/records/lead?q=" + "改正公司", check=False)
    names = who.page.locator("tbody th").all_inner_texts()
    assert sum(any(name.strip().startswith(one) for one in ("改乙", "改丙", "改丁", "改戊")) for name in names) == 4, names
    who.finish()


def test_import_wizard_takes_a_workbook_in_english_on_a_phone(chromium, server):
    who = signed_in(chromium, server, language="en-US", width=390, height=844)
    who.go("/records/account/import")
    rows = [["name", "Note"], ["书本甲有限公司", "x"], ["书本乙有限公司", None], ["书本甲有限公司", "again"]]
    who.page.get_by_label("Table file").set_input_files(write("accounts.xlsx", workbook(rows)))
    press(who, "Upload")
    who.page.wait_for_selector("select#c0")
    assert "XLSX" in who.text() and "Sheet 名单" in who.text()
    assert who.page.locator("#c0").input_value() == "name"
    who.page.locator("#c1").select_option("")
    who.check()
    press(who, "Next")
    who.page.wait_for_selector("#import-match")
    who.page.locator("#import-match").select_option("name")
    who.page.get_by_label("Skip the row").check()
    who.check()
    press(who, "Check all rows")
    heading(who, "Result of the check")
    report = who.page.locator("#report").inner_text()
    assert "2 new" in report and "1 skipped" in report, report
    who.check()
    press(who, "Import 2 rows")
    heading(who, "Result of the import")
    report = who.page.locator("#report").inner_text()
    assert "2 new" in report and "1 skipped" in report, report
    who.check()
    who.finish()


def test_import_wizard_without_scripts(chromium, server):
    who = signed_in(chromium, server, scripts=False)
    who.go("/records/lead/import", check=False)
    lines = "".join(f"脚本{number},1360000{number:04d},无脚本公司,官网表单\r\n" for number in range(600))
    who.page.get_by_label("表格文件").set_input_files(write("many.csv", ("姓名,手机,公司,来源渠道\r\n" + lines).encode()))
    press(who, "上传")
    press(who, "下一步")
    press(who, "检查全部行")

    def until(text):
        def look():
            if text not in who.text():
                who.page.reload()
            return text in who.text()
        eventually(look)

    until("检查结果")
    assert "新建 600 条" in who.text(), who.text()
    press(who, "导入 600 行")
    until("导入结果")
    assert "新建 600 条" in who.text()
    press(who, "撤销这次导入")
    until("导入已撤销")
    assert "已撤销 600 条" in who.text()
    who.finish()


def test_import_goes_on_after_a_kill(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/account/import")
    lines = "".join(f"断电公司{number}\r\n" for number in range(1500))
    who.page.get_by_label("表格文件").set_input_files(write("power.csv", ("name\r\n" + lines).encode()))
    press(who, "上传")
    who.page.wait_for_selector("select#c0")
    address = who.page.url
    press(who, "下一步")
    press(who, "检查全部行")
    heading(who, "检查结果")
    press(who, "导入 1,500 行")
    who.page.wait_for_selector("#import-progress")
    server.kill()
    server.start()
    who = signed_in(chromium, server)
    path = "/records/account/import/" + address.rsplit("/", 1)[1].split("?")[0]

    def look():
        who.go(path, check=False)
        return "导入结果" in who.text()
    eventually(look)
    assert "新建 1,500 条" in who.text(), who.text()
    who.go("/records/account?q=" + "断电公司")
    assert "1,500" in who.text(), who.text()[:500]
    who.go(path)
    press(who, "撤销这次导入")
    who.page.locator("[role=alertdialog] .primary").click()
    heading(who, "导入已撤销")
    assert "已撤销 1,500 条" in who.text()
    who.finish()


def test_lists_and_templates_as_workbooks(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/account")
    with who.page.expect_download() as download:
        who.page.locator("#list-more").click()
        who.page.get_by_role("link", name="导出 Excel").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None and "xl/worksheets/sheet1.xml" in archive.namelist()
        assert "<t xml:space=\"preserve\">id</t>" in archive.read("xl/worksheets/sheet1.xml").decode()
    who.go("/records/lead/import")
    for name in ("下载 CSV 模板", "下载 Excel 模板"):
        with who.page.expect_download() as download:
            who.page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename.startswith("lead-template.")
    who.finish()


def test_files_that_are_no_tables_are_told(chromium, server):
    who = signed_in(chromium, server)
    who.expect_status(422)
    for name, content, told in [("a.csv", b"", "文件是空的"), ("b.xlsx", b"PK\x03\x04rest", "已损坏"), ("c.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Excel")]:
        who.go("/records/lead/import")
        who.page.get_by_label("表格文件").set_input_files(write(name, content))
        press(who, "上传")
        who.page.wait_for_selector("[role=alert]")
        assert told in who.page.locator("[role=alert]").inner_text()
    who.check()
    who.finish()


ALL = [value for name, value in list(globals().items()) if name.startswith("test_")]
