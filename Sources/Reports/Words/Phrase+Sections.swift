extension Phrase {
    /// Texts of the sections of plans and runs.
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
        .peopleByName: ("known by name alone", "solo se conoce el nombre"),
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
    ]
}
