"""SHA-256 of every standard in use. A version in use is never edited: who changes a limit or a word writes the next
version beside it and adds a line here."""

FROZEN = {
    "amazon-renewed-eu-1": "5f17caae9f52f73e0612317c7e8d9a5f38857232bee2264721191e7dc9b65ec9",
    "appliance-age-1": "03fea7b7b292cc851b5a27961235c7ecdc4f0236db1f365883f4da887909996b",
    "backmarket-1": "4866b7dcbb3e9feeff525a28e898af0766ced90101e703c7e245a88491456694",
    "book-ioba-1": "30de4cfc51ee3321ec1e1e650422126066c2f568359eb617eb62bcb271f6defd",
    "cn-chengse-1": "18f715ffd03578c96ec8d8d1259e0492da0a3419cb69826bb817e3cf22ea5302",
    "ctia-cosmetic-1": "20af95977384f15bcdd775bed780b59d706d05c2cd8e8033305648c47a7a5903",
    "ctia-to-rec-1": "eaacc27d2ec2721d08ee74bca3bffc808a8d806c3dd82dad6e813452f379c2ba",
    "eu-repairability-1": "6395366a4849c63333706524446d6eacccf2116d22acbb6fcb169c6e8f05bb45",
    "fr-repairability-1": "3b7caec87993b73fcd43543f2b87209a20c13f7c964cd3ed628aec607df1f3a5",
    "gbt-21667-2024-1": "3f7be111e1dfb19e89e74cbb9ac93fa8f33f2688876718a42a1993f582f22438",
    "gbt-45656-2025-1": "b0072ea284e5697289be71761887a98ccce4d86ff03712f031b6b3ec6d2d3524",
    "gbt30323-grade-1": "af54c6f0d13c84221d89d73e81b5fdd0fbc562e337a33afd3553ace459de7908",
    "intercellus-1": "d54dc7e518c64c9583d03e7ba87a56144cffc61d641fa48f78e06ae8e9e467b2",
    "laptop-cotswold-1": "5bf25d112f97c4f868ea78df9058e80435053d47034f4471e473acbf06886938",
    "r2-rec-cosmetic-1": "1681c913ed38d655d803a68a94e92b1aff4deb6fdaf79ac922285ce9f726bf6d",
    "r2-rec-functional-1": "6bd055663e4e36de2b00c2c5d26b3ea76c0d2a49f85848861311d956a59e8c5f",
    "superior-1": "c1ba7fc0d2dd734a920364a7495f168ed10d52c66d1e6a1ae314be86d9e46365",
    "swappa-gate-1": "ef8da83b9e73664cedeee86060ca32f36ca50bcc64b0127713d0d06f916c4f74",
    "tradex-1": "2f6607ba2082e370bb08213be7ba4408452c2f362d7eb79a0d3cc768285de7c1",
    "tszeia-013-2023-1": "750cb7a26c07b6366c4febfab8c20ec96d9f4155c8b8c94f8e5ef0217562692d",
    "ttaf-173-2023-1": "afd789081cee5af70c5c0a4356a94279a85d9f65070a1826482235b82091b2e6",
    "used-eee-record-1": "773c548732b717cfb2345229ae7afd4aa1ca77b38ba53efaf658644a22a8df14",
    "weakest-area-1": "522e3cd640e39aac036080c4c14b2be25f6844ce3c045d3191d14fa4859b9704",
    "xunshi-laptop-1": "b045ed6235f76d9a6f1449268813161ca4191b959fe9214259fbcb5b3dabc4e7",
}
FROZEN_CROSSREFERENCES = {
    "consumer-scale-1": "b9cdf227cd545a757d56d8d9fbfc3aeedebbdc015b39dc35b9cdd69d020bc0d8",
}
