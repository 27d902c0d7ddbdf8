import Foundation
import Testing

@Suite struct FieldPageTests {
    @Test func thePageOfTheManualIsMadeFromTheTable() throws {
        if ProcessInfo.processInfo.environment["FATESYNC_UPDATE_GOLDEN"] == "1" {
            try FieldPage.text.write(toFile: FieldPage.path, atomically: true, encoding: .utf8)
        }
        let page = try String(contentsOfFile: FieldPage.path, encoding: .utf8)
        #expect(
            page == FieldPage.text, "run this test with FATESYNC_UPDATE_GOLDEN=1 and review the difference")
    }
}
