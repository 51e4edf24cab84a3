"""SHA-256 of every standard in use. A version in use is never edited: who changes a limit or a word writes the next
version beside it and adds a line here."""

FROZEN = {
    "amazon-renewed-eu-1": "c9b9ffee2c4e1523f1c8cd99dbcfe7911cd4d7589842fca7363d1e7e8aa64c93",
    "appliance-age-1": "31258b88870d6cc822b54b4fc2681d2689a34937bb8f3ed1b7360ad4ccd410f3",
    "backmarket-1": "aa611c346adecedc1d6bbd8ad7e734a77e0bbe02c7af83f8e38c5c3a12f16465",
    "book-ioba-1": "c0eedc1c451da65b956f347ef59502adf292b951dc5e2e7381a4675a1170dbaf",
    "cn-chengse-1": "17cefa47941e8c7d8539ce9bae3b7be8cf62f590d1e3afa8c66c3bfba7ae7507",
    "ctia-cosmetic-1": "ed0caf12f82324f7b4fc456ed4955c477b7f83aa83a7ffaa1e8d357c78204856",
    "ctia-to-rec-1": "a44f21a16308b7e7bc48bdb477816bb2e6e74dae7f21f9633ac03879c68433c0",
    "eu-repairability-1": "d42249dd7a2df3eb20c87352cba1a21808d8eb93973adb65b659bc579e337e25",
    "fr-repairability-1": "395fb33921e2a6b83d383aec21446ec23b2dd423111efb5c94745a65e5531110",
    "gbt-21667-2024-1": "3f7be111e1dfb19e89e74cbb9ac93fa8f33f2688876718a42a1993f582f22438",
    "gbt-45656-2025-1": "b0072ea284e5697289be71761887a98ccce4d86ff03712f031b6b3ec6d2d3524",
    "gbt30323-grade-1": "d6f89c2e612d3a0f73d1d0f58c421e00d0c237529dfa7b71a89ae15507886306",
    "intercellus-1": "bfcc1df018583e4465f1209fb630e7fc677a815e4166ea4e92bec700429219ce",
    "laptop-cotswold-1": "a63a90b7e19a62642b1cf2bd5a61cd10177e75cc15b04a2e875844c0fc2c17a6",
    "r2-rec-cosmetic-1": "ed0d438144c227ee0313209be1268161ffd77be14a02a9d490fe332e46157f05",
    "r2-rec-functional-1": "54ef1c178ccfc7a1adc016c047ff11da95ae55d2f9ae52ad26b48f2f04a4c1e0",
    "superior-1": "96ae82f18baf98e33ab81880e4389f0da0d726926565da1dba780f51aeca9d97",
    "swappa-gate-1": "c2ce466a583e77a25b00396e1c95e1664152b28bb909de9a2198fba4b20a11d8",
    "tradex-1": "ec9de885a079a68b71c1f8514494facba24c2150451bbc0b895f30bd69a09426",
    "tszeia-013-2023-1": "750cb7a26c07b6366c4febfab8c20ec96d9f4155c8b8c94f8e5ef0217562692d",
    "ttaf-173-2023-1": "afd789081cee5af70c5c0a4356a94279a85d9f65070a1826482235b82091b2e6",
    "used-eee-record-1": "f82056a19c6ac8e6150e14849f194c01516bf9a03616ba4accc67e9b5dd77aad",
    "weakest-area-1": "f9c71249dacbce7e3fe21b864fe10bc57048cff608f96dfe8b6a64da4fe34e45",
    "xunshi-laptop-1": "b045ed6235f76d9a6f1449268813161ca4191b959fe9214259fbcb5b3dabc4e7",
}
FROZEN_CROSSREFERENCES = {
    "consumer-scale-1": "b9cdf227cd545a757d56d8d9fbfc3aeedebbdc015b39dc35b9cdd69d020bc0d8",
}
