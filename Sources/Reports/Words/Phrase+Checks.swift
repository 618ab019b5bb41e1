extension Phrase {
    /// Texts of inventories, verifications and the sheet of an acceptance test.
    static let checks: [Phrase: (en: String, es: String)] = [
        .inspectTitle: ("Inventory: what the source holds", "Inventario: qué contiene el origen"),
        .inspectMeaning: (
            "Counted from the export itself; nothing was written.",
            "Contado a partir de la propia exportación; no se escribió nada."
        ),
        .inspectRead: ("The source holds {0}.", "El origen contiene {0}."),
        .inspectBad: ("{0} records cannot be read.", "{0} registros no se pueden leer."),
        .inspectWhole: ("Nothing suggests that anything is missing.", "Nada indica que falte algo."),
        .profileTitle: ("Status, priority, channel and tags", "Estado, prioridad, canal y etiquetas"),
        .tags: ("Tags", "Etiquetas"),
        .fillTitle: ("How well fields are filled", "Qué tan completos están los campos"),
        .fillIntro: (
            "Fields that are nearly empty are rarely worth a place at the destination.",
            "Los campos casi vacíos rara vez merecen un lugar en el destino."
        ),
        .filled: ("Filled", "Rellenos"),
        .attachmentsTitle: ("Attachments", "Adjuntos"),
        .attachmentTypes: ("By type", "Por tipo"),
        .attachmentSizes: ("By size", "Por tamaño"),
        .sizeUnknown: ("size not said", "tamaño no indicado"),
        .qualityTitle: ("What looks wrong", "Qué parece incorrecto"),
        .qualityIntro: (
            "Better mended at the source before the migration than after it.",
            "Mejor corregirlo en el origen antes de la migración que después."
        ),
        .orphans: ("Conversations whose customer no record describes", "Conversaciones cuyo cliente no tiene ficha"),
        .duplicateRecords: ("Records that stand more than once", "Registros repetidos"),
        .sharedEmails: ("Customers who share an e-mail address with another", "Clientes que comparten correo con otro"),
        .encodingFaults: ("Texts with damaged characters", "Textos con caracteres dañados"),
        .emptyConversations: ("Conversations without a message", "Conversaciones sin mensajes"),
        .undescribedPeople: (
            "People who wrote and whom no record describes", "Personas que escribieron y no tienen ficha"
        ),
        .unreadableRecords: ("Records that cannot be read", "Registros que no se pueden leer"),
        .completenessTitle: ("Is it complete?", "¿Está completo?"),
        .complete: (
            "No sign of a cut: no list ends at a known limit, no file breaks off.",
            "Ningún indicio de corte: ninguna lista termina en un límite conocido y ningún archivo se interrumpe."
        ),
        .filesTitle: ("Files", "Archivos"),
        .contains: ("Holds", "Contiene"),
        .longestThread: ("Longest conversation", "Conversación más larga"),
        .firstSeen: ("First seen", "Primera vez"),
        .lastSeen: ("Last seen", "Última vez"),
        .described: ("Has a record", "Tiene ficha"),
        .yes: ("yes", "sí"),
        .no: ("no", "no"),
        .verifyTitle: ("Verification and sign-off", "Verificación y conformidad"),
        .verifyGood: (
            "The destination was read back and compared with the source, message by message.",
            "El destino se leyó y se comparó con el origen, mensaje por mensaje."
        ),
        .verifyBad: (
            "The destination was read back and compared with the source, message by message; what was found stands below.",
            "El destino se leyó y se comparó con el origen, mensaje por mensaje; lo encontrado figura abajo."
        ),
        .verifyAll: (
            "{0} records are identical at the destination; none differs, is missing or too many.",
            "{0} registros son idénticos en el destino; ninguno difiere, falta ni sobra."
        ),
        .verifySome: (
            "Records that are identical: {0}; different: {1}; missing: {2}; not from the source: {3}.",
            "Registros idénticos: {0}; diferentes: {1}; que faltan: {2}; que no son del origen: {3}."
        ),
        .thresholdsMet: ("All {0} agreed limits are kept.", "Se cumplen los {0} límites acordados."),
        .thresholdsMissed: (
            "Agreed limits that are missed: {0} of {1}.", "Límites acordados que no se cumplen: {0} de {1}."
        ),
        .identical: ("Identical", "Idénticos"),
        .different: ("Different", "Diferentes"),
        .missing: ("Missing", "Faltan"),
        .extra: ("Not from the source", "No son del origen"),
        .thresholdsTitle: ("Agreed limits", "Límites acordados"),
        .thresholdsIntro: ("From {0}, agreed before the migration.", "De {0}, acordados antes de la migración."),
        .thresholdsNone: (
            "No limits were agreed for this verification: every difference counts.",
            "No se acordaron límites para esta verificación: toda diferencia cuenta."
        ),
        .measure: ("What is measured", "Qué se mide"),
        .limit: ("Limit", "Límite"),
        .measured: ("Measured", "Medido"),
        .passed: ("Pass", "Cumple"),
        .failed: ("Fail", "No cumple"),
        .atMost: ("at most {0}", "como máximo {0}"),
        .atLeast: ("at least {0}", "como mínimo {0}"),
        .differencesTitle: ("Differences, one by one", "Diferencias, una por una"),
        .differencesIntro: (
            "What the source says after the mapping, and what was read back at the destination.",
            "Lo que dice el origen tras las reglas y lo que se leyó en el destino."
        ),
        .differencesNone: ("There are none.", "No hay ninguna."),
        .differenceCaption: ("Differences", "Diferencias"),
        .expected: ("Expected", "Esperado"),
        .foundThere: ("Found at the destination", "Encontrado en el destino"),
        .entryNumber: ("Entry {0}", "Entrada {0}"),
        .missingRecord: ("missing at the destination", "falta en el destino"),
        .extraRecord: ("not from the source", "no es del origen"),
        .verifyStatement: (
            "We accept the migration with the results and the differences listed in this document.",
            "Aceptamos la migración con los resultados y las diferencias que figuran en este documento."
        ),
        .sheetCheck: ("What to check", "Qué comprobar"),
        .sheetExpected: ("What should be seen", "Qué debe verse"),
        .sheetResult: ("Result (pass or fail)", "Resultado (cumple o no)"),
        .sheetBy: ("Checked by", "Revisado por"),
        .sheetComment: ("Comment", "Comentario"),
        .sheetNumber: ("No.", "N.º"),
        .sheetConversation: ("Conversation", "Conversación"),
        .sheetLink: ("Address at the source", "Dirección en el origen"),
        .sheetExpectation: (
            "Entries: {0}, in this order, by the same people; attachments: {1}; notes stay internal",
            "Entradas: {0}, en este orden, de las mismas personas; adjuntos: {1}; las notas siguen siendo internas"
        ),
        .sheetKnown: ("Known changes: {0}", "Cambios conocidos: {0}"),
        .checkLongest: (
            "All entries are there, first and last are the same",
            "Están todas las entradas; la primera y la última coinciden"
        ),
        .checkDeletedAuthor: (
            "Entries of people who are gone still show who wrote them",
            "Las entradas de personas que ya no están muestran quién las escribió"
        ),
        .checkCopy: (
            "Answers of people in copy stand under their own names",
            "Las respuestas de personas en copia figuran con su nombre"
        ),
        .checkAttachments: ("Every attachment is named and can be opened", "Cada adjunto figura y se puede abrir"),
        .checkOldest: (
            "The dates are those of the time, not of the migration",
            "Las fechas son las de entonces, no las de la migración"
        ),
        .checkEncoding: (
            "Accents, emoji and right-to-left text read as at the source",
            "Acentos, emoji y texto de derecha a izquierda se leen como en el origen"
        ),
        .checkMerged: (
            "Entries of both people stand under the agreed name",
            "Las entradas de ambas personas figuran con el nombre acordado"
        ),
        .checkLosses: ("What changes is what was agreed to", "Lo que cambia es lo acordado"),
        .checkSessions: ("Sessions are told apart", "Se distinguen las sesiones"),
        .checkLongText: ("The long text is there to its end", "El texto largo está completo"),
        .checkSpread: ("Everything reads as at the source", "Todo se lee como en el origen"),
        .sampleIntroRun: (
            "Some of the conversations of this run: as they are at the source on the left, as they were written on the right.",
            "Algunas de las conversaciones de esta ejecución: a la izquierda como son en el origen, a la derecha como se escribieron."
        ),
        .unknownAuthors: ("Entries by unknown authors", "Entradas de autores desconocidos"),
        .partsCaption: ("Parts of conversations", "Partes de las conversaciones"),
        .notAgreed: ("none agreed: zero", "ninguno acordado: cero"),
        .authors: ("Authors", "Autores"),
        .unknown: ("unknown", "desconocidos"),
        .verdictIncompleteSource: (
            "The source is incomplete: see 'Is it complete?'.", "El origen está incompleto: vea «¿Está completo?»."
        ),
        .sizeBelow: ("below {0}", "menos de {0}"),
        .sizeBetween: ("{0} to {1}", "de {0} a {1}"),
        .sizeAbove: ("{0} and more", "{0} o más"),
        .destinationChanges: ("What changes at the destination", "Qué cambia en el destino"),
        .destinationChangesIntro: (
            "Records that were written by an earlier run and are written again, because something of them changed at the source.",
            "Registros escritos por una ejecución anterior que se escriben de nuevo porque algo cambió en el origen."
        ),
        .now: ("Now", "Ahora"),
        .afterwards: ("Afterwards", "Después"),
    ]
}
