package dev.keyway.android

import org.junit.jupiter.api.Test
import org.w3c.dom.Element
import org.w3c.dom.NodeList
import javax.xml.parsers.DocumentBuilderFactory
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

/** What the app declares, as far as it can be held without Android's tools. */
class ResourcesTest {
    @Test
    fun every_text_is_there_in_both_languages_with_the_same_places_to_fill() {
        val english = strings("values").filterNot { it.getAttribute("translatable") == "false" }.byName()
        val spanish = strings("values-es").byName()
        assertTrue(english.size > 50)
        assertEquals(english.keys, spanish.keys)
        for ((name, text) in english) assertEquals(blanks(text), blanks(spanish.getValue(name)), name)
    }

    @Test
    fun nothing_but_the_launchers_entry_is_open_to_others() {
        val manifest = parsed("app/src/main/AndroidManifest.xml")
        val application = manifest.all("application").single()
        assertEquals("false", application.android("allowBackup"))
        assertEquals("false", application.android("usesCleartextTraffic"))
        assertEquals("@xml/data_extraction_rules", application.android("dataExtractionRules"))
        assertEquals("@xml/backup_rules", application.android("fullBackupContent"))
        assertEquals(listOf(".MainActivity"), manifest.all("activity").map { it.android("name") })
        assertEquals(listOf("android.intent.action.MAIN"), manifest.all("action").map { it.android("name") })
        for (kind in listOf("service", "receiver", "provider", "activity-alias")) assertEquals(emptyList(), manifest.all(kind), kind)
    }

    @Test
    fun every_kind_of_file_stays_out_of_backups_and_of_other_phones() {
        val domains = listOf("", "device_").flatMap { device -> listOf("root", "file", "database", "sharedpref").map { device + it } } + "external"
        val rules = parsed("app/src/main/res/xml/data_extraction_rules.xml")
        for (way in listOf("cloud-backup", "device-transfer")) assertEquals(domains.toSet(), excluded(rules.all(way).single()))
        assertEquals(domains.toSet(), excluded(parsed("app/src/main/res/xml/backup_rules.xml")))
    }

    @Test
    fun a_scan_says_nothing_of_the_place_and_old_permissions_end_with_android_11() {
        val permissions = parsed("keyway/src/main/AndroidManifest.xml").all("uses-permission")
            .associateBy { it.android("name").removePrefix("android.permission.") }
        assertEquals("neverForLocation", assertNotNull(permissions["BLUETOOTH_SCAN"]).android("usesPermissionFlags"))
        for (old in listOf("BLUETOOTH", "BLUETOOTH_ADMIN", "ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION")) {
            assertEquals("30", assertNotNull(permissions[old], old).android("maxSdkVersion"), old)
        }
        val since = permissions.filterValues { it.android("maxSdkVersion").isEmpty() }.keys
        assertEquals(setOf("INTERNET", "ACCESS_NETWORK_STATE", "USE_BIOMETRIC", "BLUETOOTH_SCAN", "BLUETOOTH_CONNECT"), since)
    }

    @Test
    fun the_names_that_native_code_looks_up_are_kept_by_r8() {
        val rules = text("keyway/consumer-rules.pro")
        for (kept in listOf("dev.keyway.KeywayLibrary", "com.sun.jna.**", "com.nonpolynomial.btleplug.**", "io.github.gedgygedgy.rust.**")) {
            assertTrue("class $kept" in rules, kept)
        }
    }

    private fun strings(folder: String) = parsed("app/src/main/res/$folder/strings.xml").all("string")

    private fun List<Element>.byName() = associate { it.getAttribute("name") to it.textContent }

    private fun blanks(text: String) = Regex("%(\\d\\$[sd]|%)").findAll(text).map { it.value }.toSortedSet().toList()

    private fun excluded(rules: Element): Set<String> {
        assertFalse(rules.all("exclude").any { it.getAttribute("path") != "." })
        assertEquals(emptyList(), rules.all("include"))
        return rules.all("exclude").map { it.getAttribute("domain") }.toSet()
    }

    private fun parsed(path: String): Element = DocumentBuilderFactory.newInstance().apply { isNamespaceAware = true }
        .newDocumentBuilder().parse(android.resolve(path).toFile()).documentElement

    private fun Element.all(name: String): List<Element> = getElementsByTagName(name).elements()

    private fun NodeList.elements() = (0 until length).map { item(it) as Element }

    private fun Element.android(name: String) = getAttributeNS("http://schemas.android.com/apk/res/android", name)
}
