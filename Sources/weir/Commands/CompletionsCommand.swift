import ArgumentParser
import SourceText

struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "命令补全脚本 · a script that completes commands in bash, zsh or fish",
        discussion: """
            例 · Example: weir completions bash > ~/.local/share/bash-completion/completions/weir
            zsh:  weir completions zsh > "${fpath[1]}/_weir"
            fish: weir completions fish > ~/.config/fish/completions/weir.fish
            """)

    @Argument(help: "bash | zsh | fish") var shell: String
    @OptionGroup var common: CommonOptions

    func run() throws {
        guard let shell = CompletionShell(rawValue: shell) else {
            throw Ending(
                Ending.wrongUsage, Words(zh: "没有 `\(shell)` 的补全脚本，可选 bash、zsh、fish", en: "there is no script for `\(shell)`: bash, zsh or fish"),
                in: common.language)
        }
        Terminal.out(Weir.completionScript(for: shell))
    }
}
