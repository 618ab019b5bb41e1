import ConsoleKit
import Synchronization
import Testing

@Suite struct PromptTests {
    private func prompt(_ answers: [String]) -> (prompt: Prompt, written: Written) {
        let written = Written()
        let rest = Mutex(answers[...])
        return (Prompt(read: { rest.withLock { $0.popFirst() } }, write: { written.add($0) }), written)
    }

    @Test func anEmptyAnswerTakesTheDefault() {
        let (prompt, written) = prompt(["", "  other "])
        #expect(prompt.ask("Where", default: "here") == "here")
        #expect(prompt.ask("Where", default: "here") == "other")
        #expect(written.text.hasPrefix("Where [here]? "))
    }

    @Test func aRefusedAnswerIsExplainedAndAskedForAgain() {
        let (prompt, written) = prompt(["bad", "", "good"])
        #expect(prompt.ask("Name", check: { $0 == "bad" ? "not that one" : nil }) == "good")
        #expect(written.text == "Name?   not that one\nName? Name? ")
    }

    @Test func choicesGoByNumberOrName() {
        let choices = [("a", "first"), ("bb", "second")].map { (name: $0.0, explanation: $0.1) }
        #expect(prompt(["2"]).prompt.choose("Which", among: choices) == 1)
        #expect(prompt(["a"]).prompt.choose("Which", among: choices) == 0)
        let (prompt, written) = prompt(["3", "bb"])
        #expect(prompt.choose("Which", among: choices) == 1)
        #expect(written.text.contains("  1  a   first\n  2  bb  second\n"))
        #expect(written.text.contains("type a number from 1 to 2"))
    }

    @Test func whereNoMoreLinesComeNothingIsAssumed() {
        #expect(prompt([]).prompt.ask("Where", default: "here") == nil)
        #expect(prompt([]).prompt.confirm("Sure", default: true) == nil)
        #expect(prompt(["maybe", "Y"]).prompt.confirm("Sure", default: false) == true)
    }
}
