package dev.keyway.android

import java.nio.file.Path
import kotlin.io.path.extension
import kotlin.io.path.readLines
import kotlin.io.path.readText
import kotlin.io.path.walk
import kotlin.test.assertTrue

/** The repository's android folder. */
val android: Path = Path.of(System.getProperty("keyway.root")).resolve("android")

/** The library's and the app's Kotlin, without what tests use. */
fun sources(): List<Path> {
    val folders = listOf("keyway/src/main/kotlin", "keyway/src/android/kotlin", "app/src/main/kotlin")
    val files = folders.flatMap { folder -> android.resolve(folder).walk().filter { it.extension == "kt" } }
    assertTrue(files.size > 20, "the sources were not found")
    return files
}

/** A file's lines without comments, which may speak of what is not used. */
fun Path.code(): List<String> = readLines().map(String::trim).filterNot { it.startsWith("*") || it.startsWith("/") }

/** Names of the sources that have one of [words] in their code. */
fun users(vararg words: String): List<String> = sources()
    .filter { file -> file.code().any { line -> words.any { it.lowercase() in line.lowercase() } } }
    .map { it.fileName.toString() }
    .sorted()

/** A file below the android folder. */
fun text(path: String): String = android.resolve(path).readText()
