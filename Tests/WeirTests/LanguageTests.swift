import Foundation
import Testing

/// What the executable says about the command line itself, in both languages.
@Suite struct LanguageTests {
    @Test(arguments: [
        (["check", "apps/crm", "--frobnicate", "--lang", "zh"], "没有选项 '--frobnicate'"),
        (["check", "--lang", "zh"], "缺少参数 '<app>'"),
        (["serve", "apps/crm", "--port", "x", "--lang=zh"], "'x' 不能用作 '--port <port>'"),
        (["check", "a", "b", "--lang", "zh"], "多出的参数 'b'"),
        (["query", "a", "b", "--format", "yaml", "--lang", "zh"], "可选：'text' and 'json'"),
        (["check", "apps/crm", "--format", "--lang", "zh"], "后面缺少值"),
    ]) func wrongUsageIsToldInChinese(arguments: [String], words: String) throws {
        let result = try WeirProcess.run(arguments)
        #expect(result.exitCode == 2)
        #expect(result.error.contains("错误：") && result.error.contains(words), "\(result.error)")
        #expect(!result.error.contains("Error:") && !result.error.contains("Usage:"), "\(result.error)")
    }

    @Test func theSameIsToldInEnglish() throws {
        let result = try WeirProcess.run(["check", "--lang", "en"], environment: ["LANG": "zh_CN.UTF-8"])
        #expect(result.exitCode == 2 && result.error.contains("Error: Missing expected argument '<app>'"), "\(result.error)")
    }

    @Test func helpHasChineseHeadings() throws {
        let result = try WeirProcess.run(["check", "--help", "--lang", "zh"])
        #expect(result.exitCode == 0 && result.out.contains("用法：weir check") && result.out.contains("选项："), "\(result.out)")
    }

    @Test func wordsOfLaterVersionsSpeakChineseToo() throws {
        let result = try WeirProcess.run(["publish", "x", "--lang", "zh"])
        #expect(result.exitCode == 2 && result.error.contains("以后的版本"), "\(result.error)")
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func shellsGetTheirCompletions(shell: String) throws {
        let result = try WeirProcess.run(["completions", shell])
        #expect(result.exitCode == 0)
        for word in ["doctor", "restore", "--lang"] { #expect(result.out.contains(shell == "fish" ? word.replacing("--", with: "") : word), "\(word)") }
    }

    @Test func anUnknownShellIsWrongUsage() throws {
        #expect(try WeirProcess.run(["completions", "tcsh"]).exitCode == 2)
    }
}
