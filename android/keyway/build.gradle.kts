import org.jetbrains.kotlin.gradle.dsl.ExplicitApiMode

plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.android)
}

// What `cargo xtask android` lays out: the library for each ABI, the generated bindings, and btleplug's Java sources of the version it was built with.
val made = rootDir.resolve("../target/android")

android {
    namespace = "dev.keyway"
    compileSdk = libs.versions.compile.sdk.get().toInt()

    defaultConfig {
        minSdk = libs.versions.min.sdk.get().toInt()
        consumerProguardFiles("consumer-rules.pro")
        ndk {
            abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64")
        }
    }

    sourceSets.named("main") {
        // Generated code is compiled with the hand-written: both are of one package.
        kotlin.srcDirs("src/main/kotlin", "src/android/kotlin", made.resolve("kotlin"))
        java.srcDirs(made.resolve("java"))
        jniLibs.srcDirs(made.resolve("jniLibs"))
    }
    // Tests run on a plain JVM with Maven: see jvm/pom.xml.
    sourceSets.named("test") {
        kotlin.setSrcDirs(emptyList<String>())
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

kotlin {
    jvmToolchain(17)
    explicitApi = ExplicitApiMode.Warning
}

dependencies {
    api(libs.coroutines)
    implementation(variantOf(libs.jna) { artifactType("aar") })
}

val laidOut by tasks.registering {
    val files = listOf("kotlin/dev/keyway/keyway.kt", "java/VERSION", "jniLibs/arm64-v8a/libkeyway.so").map(made::resolve)
    doLast {
        val missing = files.filterNot { it.isFile }
        check(missing.isEmpty()) { "run `cargo xtask android` first; there is no ${missing.joinToString()}" }
    }
}

tasks.named("preBuild") { dependsOn(laidOut) }
