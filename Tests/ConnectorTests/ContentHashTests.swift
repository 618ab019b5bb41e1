import ConnectorKit
import ConversationModel
import Testing

/// What makes a record another one, and what does not.
@Suite struct ContentHashTests {
    private func head(_ extras: String) -> UInt128 {
        var contact = Contact()
        contact.id = "1"
        contact.extras = Extras(json: extras)
        return NeutralRecord.contact(contact).contentHashes.head
    }

    @Test func theOrderOfVendorFieldsSaysNothing() {
        let first = head(#"{"a":1,"b":{"c":[1,2],"d":"x, y"},"e":null}"#)
        #expect(first == head(#"{"e":null,"b":{"d":"x, y","c":[1,2]},"a":1}"#))
    }

    @Test(arguments: [
        #"{"a":2,"b":{"c":[1,2],"d":"x, y"},"e":null}"#, #"{"a":1,"b":{"c":[2,1],"d":"x, y"},"e":null}"#,
        #"{"a":1,"b":{"c":[1,2],"d":"x,y"},"e":null}"#, #"{"a":1,"b":{"c":[1,2],"d":"x, y"}}"#,
        #"{"b":1,"a":{"c":[1,2],"d":"x, y"},"e":null}"#, #"{"a":1,"b":{"c":[1,2]},"d":"x, y","e":null}"#,
        #"{"a":1,"b":{"c":[[1],2],"d":"x, y"},"e":null}"#, #"{"a":"1","b":{"c":[1,2],"d":"x, y"},"e":null}"#,
        #"{"a":1,"b":{"c":[12],"d":"x, y"},"e":null}"#, #"{"a":1,"b":{"c":[1,2],"d":"x, y"},"e":{}}"#, "",
    ])
    func everyOtherDifferenceCounts(_ other: String) {
        #expect(head(#"{"a":1,"b":{"c":[1,2],"d":"x, y"},"e":null}"#) != head(other))
    }

    @Test(arguments: [
        "[1", #"{"a"#, #"{"a":"\"#, "}", "]", ",", #"{"a":1}}"#, String(repeating: "[", count: 5000),
    ])
    func brokenTextHasAHashToo(_ text: String) {
        #expect(head(text) == head(text))
        #expect(head(text) != head("{}"))
    }
}
