/// Every text of a report that is no word of the model; both languages stand in the tables beside this.
enum Phrase: String, CaseIterable, Sendable {
    case destinationChanges, destinationChangesIntro, now, afterwards
    case verdictIncompleteSource, sizeBelow, sizeBetween, sizeAbove
    case wontVendor, verdictDecisions, sampleIntroRun, unknownAuthors, partsCaption, notAgreed
    case authors, unknown, attachmentBytes, inspectPoints, inField, present, wholeRecord, lineNumber, byteNumber,
        nextCommand,
        wontFieldsPlain
    case skipToContent, contents, madeBy, printThis, needsScript, andMore, asTable, highest, noValue, flowSame
    case flowMoved, flowGone, flowLeftOut, field, fields, values, atSource, atDestination, conversations
    case conversation, records, record, kind, action, id, title, created, entries, worst, why, checked
    case whatChanges, becomes, reason, example, count, name, email, status, priority, channel, month, share
    case size, file, place, total, value, what, next, previous, search, searchHint, all, losses, noLoss, found
    case sampled, nothingFound, firstRows, arrivesAsIs, showConversation, entryCount, gained, differs
    case unknownAuthor, noText, textGoesOn, attachments, session, leftOut, entriesBetween, addedByMigration
    case doesNotArrive, noSubject, eventsOf, extraField, customField, source, destination, mapping, noMapping
    case madeAt, runID, recordsRead, bytesRead, bytesWritten, took, version, planTitle, nothingWrittenYet
    case planNothing, planWould, planNew, planChanged, planLonger, recordsThus, ofThem, verdictQuarantine
    case verdictQuarantineOne, verdictIncomplete, verdictConflicts, totals, totalsIntro, countsCaption, read
    case create, update, append, skip, unchanged, filtered, vanished, conflict, quarantined, decisions
    case noDecisions, incompleteNotice, quarantineCaption, findingsCaption, hint, peopleNotice, noPlaceNotice
    case wontMigrate, wontIntro, wontRecords, wontFields, wontNothing, whyFiltered, whyHomeless, whyUnreadable
    case whyOnlySource, whyNoField, notInExport, lossesTitle, lossesIntro, lossesCaption, lossesDetail
    case lossesNone, lossClass, flowsTitle, flowsIntro, peopleTitle, peopleIntro, peopleCaption, peopleTarget
    case peopleHow, peopleSame, peopleMapped, peopleMerged, peoplePlaceholder, peopleByName, peopleNone
    case messages, assigned
    case teamsCaption, contactsLine, peopleCovered, peopleUncovered, peopleWithoutRecord, customers
    case monthsTitle, monthsCaption, changesTitle, changesIntro, sampleTitle, sampleIntro, effortTitle
    case effortFiles, effortCaption, phase, requests, hours, notifiedNone, notifiedSome, evidenceTitle
    case evidenceIntro, evidenceCaption, evidenceSource, evidenceMapping, evidencePlan, evidenceRun
    case fingerprint, sourceFiles, signTitle, planStatement, client, consultant, nameInPrint, placeAndDate
    case signature, runTitle, syncTitle, runGood, runWarn, runWrote, runNothing, speedTitle, perSecond
    case retriedNone, historyTitle, historyIntro, historyCaption, command, began
    case result, written, trendTitle, trendCaption, trendExpected, trendNone, trendOne, nextTitle
    case nextAfterRun, nextQuarantine, nextIncomplete, inspectTitle, inspectMeaning, inspectRead, inspectBad
    case inspectWhole, profileTitle, tags, fillTitle, fillIntro, filled, attachmentsTitle
    case attachmentTypes, attachmentSizes, sizeUnknown, qualityTitle, qualityIntro, orphans, duplicateRecords
    case sharedEmails, encodingFaults, emptyConversations, undescribedPeople, unreadableRecords
    case completenessTitle, complete, filesTitle, contains, longestThread, firstSeen, lastSeen, described, yes
    case no, verifyTitle, verifyGood, verifyBad, verifyAll, verifySome, thresholdsMet, thresholdsMissed
    case identical, different, missing, extra, thresholdsTitle, thresholdsIntro, thresholdsNone, measure
    case limit, measured, passed, failed, atMost, atLeast, differencesTitle, differencesIntro, differencesNone
    case differenceCaption, expected, foundThere, entryNumber, missingRecord, extraRecord
    case verifyStatement, sheetCheck, sheetExpected, sheetResult, sheetBy, sheetComment
    case sheetNumber, sheetConversation, sheetLink, sheetExpectation, sheetKnown, checkLongest
    case checkDeletedAuthor, checkCopy, checkAttachments, checkOldest, checkEncoding, checkMerged, checkLosses
    case checkSessions, checkLongText, checkSpread

    /// Those that the script of a page shows.
    static let ofTheScript: [Phrase] = [
        .noValue, .all, .searchHint, .kind, .action, .losses, .noLoss, .id, .title, .created, .entries, .worst,
        .records, .search, .found, .sampled, .nothingFound, .whatChanges, .field, .becomes, .values, .atSource,
        .atDestination, .showConversation, .entryCount, .gained, .arrivesAsIs, .conversations, .conversation,
        .differs, .unknownAuthor, .noText, .textGoesOn, .attachments, .session, .leftOut, .entriesBetween,
        .addedByMigration, .doesNotArrive, .noSubject, .previous, .next,
    ]

    /// English and Spanish of each.
    static let table = page.merging(about) { $1 }.merging(checks) { $1 }
}
