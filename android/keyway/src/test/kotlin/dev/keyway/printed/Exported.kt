package dev.keyway.printed

import dev.keyway.CodeDigits
import dev.keyway.KeywayApp
import dev.keyway.NoHandle
import java.lang.reflect.Constructor
import java.lang.reflect.Modifier
import java.lang.reflect.ParameterizedType
import java.lang.reflect.Type
import java.util.UUID
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.toPath

/** Every type that crosses from the core, as the generated code itself lists them: each has a converter. */
object Exported {
    private val converters: List<String> = KeywayApp::class.java.protectionDomain.codeSource.location.toURI().toPath()
        .resolve("dev/keyway").listDirectoryEntries("$CONVERTER*.class")
        .map { it.name.removePrefix(CONVERTER).removeSuffix(".class") }
        .filterNot { '$' in it }

    /** What the converters convert, the names of ids left out: those are strings. */
    val types: List<Class<*>> = converters.mapNotNull { name ->
        // An error's converter is named after the core's error, its class after what Kotlin calls one.
        sequenceOf(name, name.removeSuffix("Error") + "Exception").firstNotNullOfOrNull { find("dev.keyway.$it") }
    }

    /** Handles of the core's objects. */
    val handles: List<Class<*>> = types.filter { isHandle(it) }

    /** Records, and the variants of enums and errors: whatever is made of values. */
    val values: List<Class<*>> = types.minus(handles.toSet()).filterNot { it.isInterface || it.isEnum }.flatMap { type ->
        val variants = type.declaredClasses.filter { type.isAssignableFrom(it) }
        variants.ifEmpty { listOf(type) }
    }

    /** A record that has handles in it can be disposed of, too; what can be closed is a handle. */
    fun isHandle(type: Class<*>): Boolean = AutoCloseable::class.java.isAssignableFrom(type)

    private fun find(name: String): Class<*>? = runCatching { Class.forName(name) }.getOrNull()

    private const val CONVERTER = "FfiConverterType"
}

/** A value of a type whose every text says where it stands. */
object Marked {
    /** The text of a field: an id like any other, so that the core takes it for one. */
    fun text(type: Class<*>, field: String): String = UUID.nameUUIDFromBytes("${nameOf(type)}.$field".encodeToByteArray()).toString()

    /** `Type.field` of every text in a value of [type], its own alone. */
    fun fields(type: Class<*>): List<String> = fieldsOf(type).filter { (_, kind) -> holdsText(kind) }.map { (name, _) -> name }

    /** One value of [type]. */
    fun make(type: Class<*>): Any {
        runCatching { type.getField("INSTANCE") }.getOrNull()?.let { return it.get(null) }
        if (type.isEnum) return type.enumConstants.first()
        val variant = type.declaredClasses.firstOrNull { type.isAssignableFrom(it) }
        if (Modifier.isAbstract(type.modifiers) && variant != null) return make(variant)
        val constructor = constructorOf(type)
        val values = fieldsOf(type).map { (name, kind) -> value(type, name, kind) }
        constructor.isAccessible = true
        return constructor.newInstance(*values.toTypedArray())
    }

    fun nameOf(type: Class<*>): String = type.name.removePrefix("dev.keyway.").replace('$', '.')

    private fun value(type: Class<*>, name: String, kind: Type): Any? = when (kind) {
        String::class.java -> text(type, name)
        Boolean::class.java, Boolean::class.javaObjectType -> true
        Byte::class.java -> 1.toByte()
        Short::class.java, Short::class.javaObjectType -> 1.toShort()
        Int::class.java, Int::class.javaObjectType -> 1
        Long::class.java, Long::class.javaObjectType -> 1L
        is ParameterizedType -> if (kind.actualTypeArguments.single() == String::class.java) listOf(text(type, name)) else emptyList<Any>()
        CodeDigits::class.java -> NoDigits
        is Class<*> -> if (Exported.isHandle(kind)) null else make(kind)
        else -> error("no value for $kind")
    }

    /** Handles are looked at where a journey gives them. */
    private object NoDigits : CodeDigits(NoHandle) {
        override fun toString() = "no digits"
    }

    private fun holdsText(kind: Type) = kind == String::class.java ||
        kind is ParameterizedType && kind.actualTypeArguments.single() == String::class.java

    private fun fieldsOf(type: Class<*>): List<Pair<String, Type>> = constructorOf(type).let { constructor ->
        val fields = type.declaredFields.filterNot { Modifier.isStatic(it.modifiers) }
        check(fields.size == constructor.parameterCount) { "$type is not made of its fields" }
        fields.map { it.name to it.genericType }
    }

    private fun constructorOf(type: Class<*>): Constructor<*> =
        type.declaredConstructors.filterNot { it.isSynthetic }.maxBy { it.parameterCount }
}
