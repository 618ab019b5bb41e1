extension Phrase {
    /// Texts of sections.
    static let about: [Phrase: (en: String, es: String)] = [
        .planTitle: ("Dry run: what the migration will do", "Simulación: qué hará la migración"),
        .nothingWrittenYet: (
            "A dry run: nothing was written, and nobody was notified.",
            "Es una simulación: no se ha escrito nada ni se ha avisado a nadie."
        ),
        .planNothing: ("Nothing to do: the destination is up to date.", "Nada que hacer: el destino está al día."),
        .planWould: ("The migration would write {0}.", "La migración escribiría {0}."),
        .planNew: ("{0} new", "{0} nuevos"),
        .planChanged: ("{0} changed", "{0} modificados"),
        .planLonger: ("{0} with new entries", "{0} con entradas nuevas"),
        .recordsThus: ("{0} records: {1}", "{0} registros: {1}"),
        .ofThem: ("{0} of them conversations", "{0} de ellos conversaciones"),
        .verdictDecisions: ("Points that need a decision: {0}.", "Puntos que requieren una decisión: {0}."),
        .verdictQuarantine: (
            "{0} records cannot be read and stay behind.", "{0} registros no se pueden leer y quedan atrás."
        ),
        .verdictQuarantineOne: (
            "1 record cannot be read and stays behind.", "1 registro no se puede leer y queda atrás."
        ),
        .verdictIncomplete: (
            "The source is incomplete: see 'What needs a decision'.",
            "El origen está incompleto: vea «Qué requiere una decisión»."
        ),
        .verdictConflicts: ("{0} records were changed on both sides.", "{0} registros cambiaron en ambos lados."),
        .totals: ("In numbers", "En cifras"),
        .totalsIntro: (
            "'Read' is what the source holds. Each of these records is new, changed, has new entries, is not written, or cannot be read.",
            "«Leídos» es lo que contiene el origen. Cada uno de esos registros es nuevo, está modificado, tiene entradas nuevas, no se escribe o no se puede leer."
        ),
        .countsCaption: ("Records by kind", "Registros por tipo"),
        .read: ("Read", "Leídos"),
        .create: ("New", "Nuevos"),
        .update: ("Changed", "Modificados"),
        .append: ("With new entries", "Con entradas nuevas"),
        .skip: ("Not written", "No se escriben"),
        .unchanged: ("Unchanged", "Sin cambios"),
        .filtered: ("Left out", "Excluidos"),
        .vanished: ("Gone at the source", "Ya no en el origen"),
        .conflict: ("In conflict", "En conflicto"),
        .quarantined: ("Unreadable", "Ilegibles"),
        .decisions: ("What needs a decision", "Qué requiere una decisión"),
        .noDecisions: (
            "Nothing: no unreadable record, no unknown value, no person without a place.",
            "Nada: ningún registro ilegible, ningún valor desconocido, ninguna persona sin lugar."
        ),
        .incompleteNotice: ("{0}: {1}. What to do: {2}.", "{0}: {1}. Qué hacer: {2}."),
        .quarantineCaption: ("Records that cannot be read", "Registros que no se pueden leer"),
        .findingsCaption: ("What was noticed", "Lo que se observó"),
        .hint: ("What to do", "Qué hacer"),
        .peopleNotice: (
            "People who wrote or own conversations and have no record at the source: {0}. See 'People'.",
            "Personas que escribieron o llevan conversaciones y no tienen ficha en el origen: {0}. Vea «Personas»."
        ),
        .noPlaceNotice: (
            "People without a place at the destination: {0}. See 'People'.",
            "Personas sin lugar en el destino: {0}. Vea «Personas»."
        ),
        .wontMigrate: ("What will not migrate", "Qué no se migrará"),
        .wontIntro: (
            "Whole records first, then fields. What is not listed here or under 'What changes on the way' arrives as it is.",
            "Primero registros enteros, después campos. Lo que no figura aquí ni en «Qué cambia por el camino» llega tal cual."
        ),
        .wontRecords: ("Records that stay behind", "Registros que quedan atrás"),
        .wontFields: ("Fields that do not arrive", "Campos que no llegan"),
        .wontFieldsPlain: (
            "Fields that do not arrive, because the destination has no such field or value",
            "Campos que no llegan porque el destino no tiene ese campo o valor"
        ),
        .wontNothing: ("None.", "Ninguno."),
        .wontVendor: (
            "Fields that only the source's platform has: {0}", "Campos que solo tiene la plataforma de origen: {0}"
        ),
        .whyFiltered: (
            "The rules or options of this migration leave them out",
            "Las reglas u opciones de esta migración los excluyen"
        ),
        .whyHomeless: ("The destination has no place for them", "El destino no tiene lugar para ellos"),
        .whyUnreadable: ("They cannot be read", "No se pueden leer"),
        .whyOnlySource: ("Only the source has such a field", "Solo el origen tiene ese campo"),
        .whyNoField: ("The destination has no such field or value", "El destino no tiene ese campo o valor"),
        .attachmentBytes: ("Size of attachments", "Tamaño de los adjuntos"),
        .present: ("present", "presente"),
        .wholeRecord: ("Whole record", "Registro entero"),
        .inField: ("Field '{0}'", "Campo «{0}»"),
        .inspectPoints: ("Points to look at: {0}.", "Puntos que conviene revisar: {0}."),
        .lineNumber: ("line {0}", "línea {0}"),
        .byteNumber: ("byte {0}", "byte {0}"),
        .nextCommand: ("The command that comes next", "El comando que sigue"),
        .notInExport: (
            "Automations, triggers, macros, views, service levels and saved reports are not part of this migration; what is needed of them is rebuilt by hand at the destination.",
            "Las automatizaciones, disparadores, macros, vistas, niveles de servicio e informes guardados no forman parte de esta migración; lo necesario se reconstruye a mano en el destino."
        ),
        .lossesTitle: ("What changes on the way", "Qué cambia por el camino"),
        .lossesIntro: (
            "Values by field and by what becomes of them; the darker, the larger the share.",
            "Valores por campo y por lo que pasa con ellos; cuanto más oscuro, mayor la proporción."
        ),
        .lossesCaption: ("Values that do not arrive as they were", "Valores que no llegan como eran"),
        .lossesDetail: (
            "The same as a list, with an example of each", "Lo mismo como lista, con un ejemplo de cada uno"
        ),
        .lossesNone: ("Everything arrives as it is.", "Todo llega tal cual."),
        .lossClass: ("What becomes of it", "Qué pasa con él"),
        .flowsTitle: ("Status, priority and channel", "Estado, prioridad y canal"),
        .flowsIntro: (
            "On the left the values of the source, on the right what they become.",
            "A la izquierda los valores del origen, a la derecha en qué se convierten."
        ),
        .peopleTitle: ("People", "Personas"),
        .peopleIntro: (
            "Who answers today, and under whose name the same entries will stand.",
            "Quién responde hoy y bajo qué nombre quedarán las mismas entradas."
        ),
        .peopleCaption: ("Agents", "Agentes"),
        .peopleTarget: ("At the destination", "En el destino"),
        .peopleHow: ("How", "Cómo"),
        .peopleSame: ("same person", "misma persona"),
        .peopleMapped: ("mapped", "asignado"),
        .peopleMerged: ("{0} people become one", "{0} personas pasan a ser una"),
        .peoplePlaceholder: ("placeholder: no record at the source", "marcador: sin ficha en el origen"),
        .peopleNone: ("no place", "sin lugar"),
        .messages: ("Entries written", "Entradas escritas"),
        .assigned: ("Conversations assigned", "Conversaciones asignadas"),
        .teamsCaption: ("Teams", "Equipos"),
        .contactsLine: (
            "Customers: {0}, of them without an e-mail address {1}, left out {2}.",
            "Clientes: {0}; sin correo {1}, excluidos {2}."
        ),
        .peopleCovered: ("Agents with a place", "Agentes con lugar"),
        .peopleUncovered: ("Without a place", "Sin lugar"),
        .peopleWithoutRecord: ("Without a record", "Sin ficha"),
        .customers: ("Customers", "Clientes"),
        .monthsTitle: ("Volume by month", "Volumen por mes"),
        .monthsCaption: ("Conversations by date of creation", "Conversaciones por fecha de creación"),
        .changesTitle: ("Record by record", "Registro por registro"),
        .changesIntro: (
            "Every record with what happens to it and which of its fields change. Choose one to see its values before and after.",
            "Cada registro con lo que le ocurre y qué campos cambian. Elija uno para ver sus valores antes y después."
        ),
        .sampleTitle: ("Conversations to look at", "Conversaciones para revisar"),
        .sampleIntro: (
            "The most awkward conversations of this source, picked by measure, and some ordinary ones: as they are today on the left, as they will be on the right. {0} holds them as a sheet for the acceptance test.",
            "Las conversaciones más difíciles de este origen, elegidas por medida, y algunas normales: a la izquierda como son hoy, a la derecha como serán. {0} las contiene como hoja para la prueba de aceptación."
        ),
        .effortTitle: ("Requests, hours and notifications", "Peticiones, horas y avisos"),
        .effortFiles: (
            "The destination is a set of files: no requests are sent to a platform, no rate limit applies, and nobody is notified. How long their import takes is up to the platform.",
            "El destino es un conjunto de archivos: no se envían peticiones a ninguna plataforma, no hay límites de uso y no se avisa a nadie. La duración de su importación depende de la plataforma."
        ),
        .effortCaption: ("Requests by phase", "Peticiones por fase"),
        .phase: ("Phase", "Fase"),
        .requests: ("Requests", "Peticiones"),
        .hours: ("Time", "Tiempo"),
        .notifiedNone: ("Nobody would be notified.", "No se avisaría a nadie."),
        .notifiedSome: ("Could be notified: {0}.", "Podrían recibir avisos: {0}."),
        .evidenceTitle: ("Evidence", "Evidencias"),
        .evidenceIntro: (
            "What this report was made from. The same files and rules give the same figures.",
            "A partir de qué se hizo este informe. Los mismos archivos y reglas dan las mismas cifras."
        ),
        .evidenceCaption: ("Fingerprints (SHA-256)", "Huellas (SHA-256)"),
        .evidenceSource: ("Source, all files", "Origen, todos los archivos"),
        .evidenceMapping: ("Mapping", "Reglas de conversión"),
        .evidencePlan: ("Plan", "Plan"),
        .evidenceRun: ("Run: {0}", "Ejecución: {0}"),
        .fingerprint: ("Fingerprint", "Huella"),
        .sourceFiles: ("Files of the source", "Archivos del origen"),
        .signTitle: ("Approval", "Aprobación"),
        .planStatement: (
            "We have read this report, know what changes on the way and what will not migrate, and agree to the migration as described.",
            "Hemos leído este informe, conocemos qué cambia por el camino y qué no se migrará, y aceptamos la migración tal como se describe."
        ),
        .client: ("For the client", "Por el cliente"),
        .consultant: ("For the migration team", "Por el equipo de migración"),
        .nameInPrint: ("Name", "Nombre"),
        .placeAndDate: ("Place and date", "Lugar y fecha"),
        .signature: ("Signature", "Firma"),
        .runTitle: ("Migration run", "Ejecución de la migración"),
        .syncTitle: ("Delta run: what changed since the last one", "Sincronización: qué cambió desde la anterior"),
        .runGood: (
            "The run came to its end; the next step stands below.",
            "La ejecución llegó a su fin; el siguiente paso figura abajo."
        ),
        .runWarn: (
            "The run came to its end, and something needs a decision; see below.",
            "La ejecución llegó a su fin y algo requiere una decisión; vea abajo."
        ),
        .runWrote: ("The run wrote {0}.", "La ejecución escribió {0}."),
        .runNothing: (
            "The destination is up to date; nothing had to be written.",
            "El destino está al día; no hubo nada que escribir."
        ),
        .speedTitle: ("How fast", "Velocidad"),
        .perSecond: ("Records per second", "Registros por segundo"),
        .retriedNone: (
            "Nothing was retried: the run read and wrote files.",
            "No hubo reintentos: la ejecución leyó y escribió archivos."
        ),
        .historyTitle: ("All runs so far", "Todas las ejecuciones"),
        .historyIntro: (
            "From the migration's own records, the latest first.",
            "De los registros de la propia migración, la más reciente primero."
        ),
        .historyCaption: ("Runs", "Ejecuciones"),
        .command: ("Run", "Ejecución"),
        .began: ("Began", "Comienzo"),
        .result: ("Result", "Resultado"),
        .written: ("Written", "Escritos"),
        .trendTitle: ("How long the last delta will take", "Cuánto durará la última sincronización"),
        .trendCaption: ("Length of each delta", "Duración de cada sincronización"),
        .trendExpected: (
            "Expected: about {0} (between {1} and {2} in the last {3} runs).",
            "Previsto: alrededor de {0} (entre {1} y {2} en las últimas {3})."
        ),
        .trendNone: (
            "No delta has run yet. After two or three, their length tells how long the last one before the switch will take.",
            "Aún no hay ninguna sincronización. Tras dos o tres, su duración indica cuánto tardará la última antes del cambio."
        ),
        .trendOne: (
            "One delta took {0}. With two or three more the expectation becomes reliable.",
            "Una sincronización tardó {0}. Con dos o tres más la previsión será fiable."
        ),
        .nextTitle: ("Next step", "Siguiente paso"),
        .nextAfterRun: (
            "Check the result with the command below; it reads everything back and compares it, message by message.",
            "Compruebe el resultado con el comando siguiente; lo lee todo y lo compara, mensaje por mensaje."
        ),
        .nextQuarantine: (
            "Mend the unreadable records in the export and run the same command again; only they are written then.",
            "Corrija los registros ilegibles en la exportación y ejecute el mismo comando; solo ellos se escribirán."
        ),
        .nextIncomplete: (
            "Get the missing part of the source first; see 'What needs a decision'.",
            "Consiga primero la parte que falta del origen; vea «Qué requiere una decisión»."
        ),
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
