package dev.keyway.stage

import kotlinx.coroutines.future.await
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.nio.file.Path
import java.time.Duration

/** The repository. */
val root: Path = Path.of(System.getProperty("keyway.root"))

/** The process that serves buildings to all tests of this one. It ends with this one, since its input does. */
object Stage {
    private val process: Process = ProcessBuilder(System.getProperty("keyway.building"), "stage")
        .redirectError(File("/dev/null"))
        .start()
    private val address: String = process.inputReader().readLine().let { Json.parseToJsonElement(it).text("stage") }
    private val http: HttpClient = HttpClient.newHttpClient()

    /** A new building. */
    suspend fun open(): Building {
        val opened = checkNotNull(ask("POST", "/buildings")) { "no building" }
        return Building(opened.jsonObject)
    }

    /** What the stage gives; nothing where it refuses. */
    internal suspend fun ask(method: String, path: String, body: JsonElement = JsonNull): JsonElement? {
        val request = HttpRequest.newBuilder(URI(address + path))
            .timeout(PATIENCE)
            .header("content-type", "application/json")
            .method(method, BodyPublishers.ofString(body.toString()))
            .build()
        val answer = http.sendAsync(request, BodyHandlers.ofString()).await()
        val text = answer.body().ifEmpty { "null" }
        return if (answer.statusCode() in 200..299) Json.parseToJsonElement(text) else null
    }

    private val PATIENCE = Duration.ofSeconds(60)
}

/** A building that stands on the stage. */
class Building(opened: JsonObject) {
    private val path = "/buildings/${opened.getValue("number").jsonPrimitive.long}"
    private val people = opened.getValue("people").jsonObject

    /** What a phone needs to know. */
    val description: String = opened.getValue("building").toString()

    /** E-mail and password of a person of the building. */
    fun account(name: String): Account? =
        people[name]?.let { Account(it.text("email"), it.text("password")) }

    /** Changes the world; nothing where there is no such change. */
    suspend fun change(change: String, value: JsonElement): JsonElement? {
        val order = buildJsonObject {
            put("change", kotlinx.serialization.json.JsonPrimitive(change))
            put("value", value)
        }
        return Stage.ask("POST", "$path/changes", order)
    }

    /** Ends its processes. */
    suspend fun close() {
        Stage.ask("DELETE", path)
    }
}

/** Who may sign in. */
class Account(val email: String, val password: String)

internal fun JsonElement.text(key: String): String = jsonObject.getValue(key).jsonPrimitive.content
