extension Words {
    /// What the engine, the kit and the connectors say of losses, records and sources.
    ///
    /// A test makes them say it and finds what stands here out of date.
    static let sentences: [SpokenSentence] = losses + findings + faults

    private static let losses: [SpokenSentence] = [
        .init(
            "no first message to say it", "there is no first message to carry it", "no hay primer mensaje que lo lleve"),
        .init("no moment to write", "no moment is known for it", "no se conoce su momento"),
        .init("another value", "it becomes another value", "pasa a otro valor"),
        .init("the first participant", "the first person in copy", "la primera persona en copia"),
        .init(
            "the first is the requester", "the first becomes the customer who asks",
            "la primera pasa a ser el cliente que pregunta"),
        .init("known by address only", "known by address only", "solo se conoce su correo"),
        .init(
            "carried by the person's own record", "stands in the person's own record",
            "figura en la ficha de la persona"),
        .init("by the person's own record", "stands in the person's own record", "figura en la ficha de la persona"),
        .init(
            "now the time of the first message", "now the time of the first message",
            "ahora es la hora del primer mensaje"),
        .init("the conversation's", "that of the conversation", "el de la conversación"),
        .init("the conversation's own time", "the conversation's own time", "la hora de la propia conversación"),
        .init(
            "the beginning of the conversation", "the beginning of the conversation", "el comienzo de la conversación"),
        .init("one for the whole conversation", "one for the whole conversation", "uno para toda la conversación"),
        .init("the platform itself", "the platform itself", "la propia plataforma"),
        .init("the agent who wrote last", "the agent who wrote last", "el agente que escribió por último"),
        .init(
            "the agent who wrote last is the assignee", "the agent who wrote last becomes the assigned one",
            "el agente que escribió por último pasa a ser el asignado"),
        .init("said by being there", "told by having a record at all", "se sabe por tener ficha"),
        .init("said by {field}", "told by: {0}", "indicado por: {0}"),
        .init("{author} as {role}", "{0}, {1}", "{0}, {1}"),
        .init("{author} known by name alone", "{0}, known by name alone", "{0}, solo se conoce el nombre"),
        .init("bot -> agent", "Bot → Agent", "Bot → Agente"),
        .init("unknown -> system", "unknown → System", "desconocido → Sistema"),
        .init("events do not say it", "the destination's events do not say it", "los eventos del destino no lo dicen"),
        .init("an entry of its own", "an entry of its own", "una entrada propia"),
        .init("a file is known by its entry", "known by its entry", "se conoce por su entrada"),
        .init(
            "a note's file would be seen by the requester", "the file of a note would be seen by the customer",
            "el cliente vería el archivo de una nota"),
        .init(
            "first message moved before {text} entries", "the first message moved before {0} entries",
            "el primer mensaje pasa delante de {0} entradas"),
        .init("{text} -> {text} characters", "{0} → {1} characters", "{0} → {1} caracteres"),
        .init("{text} -> {text} bytes", "{0} → {1} bytes", "{0} → {1} bytes"),
        .init(
            "characters that XML cannot hold", "characters that such files cannot hold",
            "caracteres que esos archivos no admiten"),
        .init(
            "its key means something else there", "its name means something else there",
            "su nombre significa otra cosa allí"),
        .init("as text", "as text", "como texto"),
        .init("empty text", "an empty text", "un texto vacío"),
        .init("holds nothing", "it holds nothing", "no contiene nada"),
        .init("a field without a value", "a field without a value", "un campo sin valor"),
        .init("quoted history", "quoted history was cut away", "se quitó el historial citado"),
        .init("signature", "signature was cut away", "se quitó la firma"),
        .init("links", "links were rewritten", "se reescribieron los enlaces"),
        .init("images", "images became text", "las imágenes pasaron a texto"),
        .init("note of provenance", "a note that tells where it comes from", "una nota que indica de dónde procede"),
        .init("placeholder", "a placeholder", "un marcador"),
        .init("{text} -> name alone", "{0}: the name alone stays", "{0}: solo queda el nombre"),
        .init("joined in {text}", "joined in {0}", "unido en {0}"),
        .init("joined of {text} conversations", "joined of {0} conversations", "unida a partir de {0} conversaciones"),
        .init(
            "cut in {text} conversations, one a session", "cut in {0} conversations, one a session",
            "dividida en {0} conversaciones, una por sesión"),
        .init(
            "cut where nobody wrote", "cut where nobody wrote for long",
            "dividida donde nadie escribió por mucho tiempo"),
        .init(
            "{text} entries split in {text} conversations of at most {text}",
            "{0} entries, split in {1} conversations of at most {2}",
            "{0} entradas, repartidas en {1} conversaciones de {2} como máximo"),
    ]

    private static let findings: [SpokenSentence] = [
        .init(
            "the value '{text}' is not known (found {text}x); its raw form was kept",
            "The value '{0}' is not known (found {1} ×); it was kept as it is",
            "El valor «{0}» no es conocido (aparece {1} ×); se conservó tal cual"),
        .init(
            "entries have an author that no record describes: {text} (first: {text})",
            "Entries whose author no record describes: {0} (first: {1})",
            "Entradas cuyo autor no tiene ficha: {0} (primero: {1})"),
        .init(
            "add the people's file to the export, or map these ids",
            "Add the people to the export, or say in the mapping who they are",
            "Añada las personas a la exportación o indique en las reglas quiénes son"),
        .init(
            "{text} records stand more than once; of each the last was taken, or the fullest where loose parts tell of it",
            "Records that stand more than once: {0}; of each the last was taken, or the fullest where loose parts tell of it",
            "Registros repetidos: {0}; se tomó el último de cada uno, o el más completo si hay partes sueltas"),
        .init(
            "it is another one than in run {text}; what it turns out differently is written again, "
                + "authors too: {text} conversations changed by it or at the source",
            "The mapping is another one than in run {0}. What comes out differently is written again, authors too: "
                + "{1} conversations changed by it or at the source",
            "Las reglas no son las de la ejecución {0}. Lo que resulta distinto se escribe de nuevo, también los autores: "
                + "{1} conversaciones cambiaron por ello o en el origen"),
        .init(
            "not a file that {text} gives; left out", "Not a file that {0} gives; it was left out",
            "No es un archivo que entregue {0}; se excluyó"),
        .init("cannot be read back: {text}", "Cannot be read back: {0}", "No se puede volver a leer: {0}"),
        .init(
            "the content of a file was left out: {text}", "The content of an attachment was left out: {0}",
            "El contenido de un adjunto se excluyó: {0}"),
        .init(
            "export this file again, or fetch it from its address", "Export it again, or fetch it from its address",
            "Expórtelo de nuevo o descárguelo de su dirección"),
        .init(
            "the content {text} is not there, or is another than its name says; it was left out",
            "The content of an attachment is not there, or is another than its name says; it was left out ({0})",
            "El contenido de un adjunto falta o no es el que dice su nombre; se excluyó ({0})"),
        .init(
            "target of '{text}' is not at the destination", "The target of '{0}' is not at the destination",
            "El destino de «{0}» no existe en la plataforma de destino"),
        .init(
            "create it there first, or correct the rule", "Create it there first, or correct the mapping",
            "Créelo allí primero o corrija las reglas"),
        .init("{text}; it was not opened", "{0}; it was not opened", "{0}; no se abrió"),
        .init(
            "get this file again and run the same command again", "get this file again and repeat the run",
            "consiga este archivo de nuevo y repita la ejecución"),
        .init("the last page names a next one", "the last page names a next one", "la última página remite a otra"),
        .init(
            "the last page of {text} names a next one", "the last page of {0} names a next one",
            "la última página de {0} remite a otra"),
        .init(
            "save the pages that follow and run again", "save the pages that follow and repeat the run",
            "guarde las páginas siguientes y repita la ejecución"),
        .init(
            "cannot be decompressed ({text}); reading stopped here",
            "it cannot be unpacked ({0}); reading stopped there",
            "no se puede descomprimir ({0}); la lectura se detuvo ahí"),
        .init(
            "export or download it again", "export or download it again", "expórtelo o descárguelo de nuevo"),
    ]

    private static let faults: [SpokenSentence] = [
        .init("'{text}': {text}", "'{0}': {1}", "«{0}»: {1}"),
        .init(
            "not JSON: The JSON document has an improper structure: {text}",
            "Broken JSON: commas, brackets or names are missing or too many",
            "JSON dañado: faltan o sobran comas, corchetes o nombres"),
        .init("not JSON: {text}", "Broken JSON: {0}", "JSON dañado: {0}"),
        .init("expected {noun}, found {noun}", "Expected {0}, found {1}", "Se esperaba {0} y hay {1}"),
        .init("expected {noun}, found {text}", "Expected {0}, found {1}", "Se esperaba {0} y hay {1}"),
        .init("expected {noun}", "Expected {0}", "Se esperaba {0}"),
        .init("{text} without an id", "It has no id", "No tiene identificador"),
        .init(
            "the file ends inside {text} that starts here", "The file ends in the middle of this record",
            "El archivo termina en medio de este registro"),
        .init(
            "text behind the closing quote of column {text}", "Text behind the closing quote of column {0}",
            "Texto tras las comillas de cierre de la columna {0}"),
        .init("bytes in column {text} are not UTF-8", "Column {0} is not UTF-8", "La columna {0} no es UTF-8"),
        .init("a NUL byte in column {text}", "A zero byte in column {0}", "Un byte cero en la columna {0}"),
        .init(
            "a quote is opened here and never closed; the last {text} lines of the file were left out",
            "A quote is opened here and never closed; the last {0} lines of the file were left out",
            "Se abren comillas que nunca se cierran; se excluyeron las últimas {0} líneas del archivo"),
        .init(
            "belongs to '{text}', which this export does not hold", "Belongs to '{0}', which this export does not hold",
            "Pertenece a «{0}», que esta exportación no contiene"),
        .init(
            "record is larger than {text} bytes", "The record is larger than {0} bytes",
            "El registro supera los {0} bytes"),
        .init(
            "a record of no kind that this file holds", "A record of no kind that this file holds",
            "Un registro de un tipo que este archivo no contiene"),
        .init(
            "broken XML ({text}); the rest of the file was not read",
            "Broken XML ({0}); the rest of the file was not read",
            "XML dañado ({0}); el resto del archivo no se leyó"),
    ]

    /// Kinds of value in files.
    static let nouns: [String: (en: String, es: String)] = [
        "noun.an object": ("a record", "un objeto"),
        "noun.a list": ("a list", "una lista"),
        "noun.text": ("text", "texto"),
        "noun.a number": ("a number", "un número"),
        "noun.a whole number": ("a whole number", "un número entero"),
        "noun.true or false": ("yes or no", "sí o no"),
        "noun.null": ("nothing", "nada"),
        "noun.one value": ("one value", "un solo valor"),
        "noun.a time": ("a time", "una hora"),
        "noun.a login": ("a login", "un usuario"),
        "noun.a key": ("a name", "un nombre"),
    ]
}
